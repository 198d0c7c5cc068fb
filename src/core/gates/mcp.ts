import * as z from 'zod/mini'
import { countNoun, listNames } from '../words.ts'
import { amount, common, line, variable, words } from './fields.ts'
import { type Finding, fail, pass } from './finding.ts'
import { defineKind } from './kind.ts'

/** How far a client got. `problem` says what stopped it; without one, `call` says whether the tool worked. */
export interface McpFacts {
  /** The value of the gate's variable; undefined when it is not set. */
  url: string | undefined
  isPublic: boolean
  problem: { kind: 'not-started' | 'late' | 'protocol'; reason: string } | null
  session: { server: { name: string; version: string }; protocol: string; tools: readonly string[] } | null
  /** What the called tool returned instead of a successful result. */
  callProblem: string | undefined
}

const codes = ['not-installed', 'no-handshake', 'too-few-tools', 'call-failed', 'timeout'] as const
const evidence = z.looseObject({
  tools: z.array(z.string()),
  server: z.optional(z.looseObject({ name: z.string() })),
  protocol: z.optional(z.string()),
})

/** What a real client does first: initialize, list the tools, call one. */
export const mcp = defineKind({
  schema: z.strictObject({
    ...common,
    kind: z.literal('mcp'),
    /** Starts the server on stdio. */
    argv: z.optional(words),
    /** A variable with the address of an HTTP server. */
    variable: z.optional(variable),
    minTools: amount,
    call: z.optional(z.strictObject({ tool: line, arguments: z.record(z.string(), z.json()) })),
    timeoutSeconds: z._default(amount, 30),
  }),
  codes,
  untracked: ['not-installed'],
  evidence,
  isScored: false,
  judge(
    gate,
    { url, isPublic, problem, session, callProblem }: McpFacts,
  ): Finding<(typeof codes)[number], z.infer<typeof evidence>> {
    const wanted = `a handshake and ${countNoun(gate.minTools, 'tool')} or more`
    if (gate.variable && !url) return fail('no-handshake', { found: `${gate.variable} is not set`, wanted })
    if (url && !isPublic) return fail('no-handshake', { found: `${url} is not a public address`, wanted })
    const where = url ?? gate.argv?.join(' ') ?? ''
    if (problem?.kind === 'late')
      return fail('timeout', { found: `no answer in ${gate.timeoutSeconds} s`, wanted, where })
    if (!session)
      return fail(problem?.kind === 'not-started' ? 'not-installed' : 'no-handshake', {
        found: problem?.reason ?? 'no answer',
        wanted,
        where,
      })
    const { server, protocol } = session
    const data = { server, protocol, tools: [...session.tools] }
    if (data.tools.length < gate.minTools)
      return fail('too-few-tools', { found: countNoun(data.tools.length, 'tool'), wanted, data })
    if (gate.call && callProblem !== undefined)
      return fail('call-failed', {
        found: `${gate.call.tool}: ${callProblem}`,
        wanted: 'a call that succeeds',
        data,
      })
    return pass(`${countNoun(data.tools.length, 'tool')}: ${listNames(data.tools, 6)}`, data)
  },
  portfolio: {
    part: 'projects',
    label: 'MCP',
    describe: (_, { tools }) => ({
      label: 'MCP',
      text: `${countNoun(tools.length, 'tool')}: ${tools.slice(0, 6).join(', ')}`,
    }),
    findLinks: () => [],
  },
})
