import * as z from 'zod/mini'
import { common, line, variable } from './fields.ts'
import { type Finding, fail, pass } from './finding.ts'
import { defineKind, makeLink } from './kind.ts'

/** The answer of a public address. */
export type PublicAnswer =
  | { kind: 'answered'; status: number; text: string; ms: number; url: string }
  | { kind: 'local'; address: string }
  | { kind: 'bad-url' }
  | { kind: 'no-answer'; reason: string }

export interface HttpFacts {
  /** The value of the gate's variable. */
  base: string | undefined
  /** Null without an address. */
  answer: PublicAnswer | null
  /** The checked-out commit. */
  head: string | null
  /** Whether the commit that the answer reports has the same files as HEAD. */
  isSameTree: boolean
}

const codes = [
  'no-project',
  'no-url',
  'bad-url',
  'local-address',
  'no-answer',
  'bad-status',
  'no-commit',
  'other-commit',
] as const
const evidence = z.looseObject({
  url: z.url({ protocol: /^https?$/ }),
  commit: z.string(),
  ms: z.number(),
  status: z.optional(z.number()),
})

/** The address answers 200 and reports a commit with the same files as HEAD, except `.ai-eng/`. */
export const http = defineKind({
  schema: z.strictObject({
    ...common,
    kind: z.literal('http'),
    variable,
    path: line,
    /** The field of the JSON answer that holds the commit. */
    commitField: line,
  }),
  codes,
  evidence,
  isScored: false,
  judge(
    gate,
    { base, answer, head, isSameTree }: HttpFacts,
  ): Finding<(typeof codes)[number], z.infer<typeof evidence>> {
    const wanted = `200 from ${gate.path}, with the commit you have checked out`
    if (!base || !answer) return fail('no-url', { found: `${gate.variable} is not set`, wanted })
    const where = resolveAddress(base, gate.path)
    if (answer.kind === 'bad-url') return fail('bad-url', { found: base, wanted, where })
    if (answer.kind === 'local')
      return fail('local-address', {
        found: answer.address,
        wanted: 'an address that others can reach',
        where,
      })
    if (answer.kind === 'no-answer') return fail('no-answer', { found: answer.reason, wanted, where })
    if (answer.status !== 200)
      return fail('bad-status', { found: `it answers ${answer.status}`, wanted, where })
    const commit = readCommit(answer.text, gate.commitField)
    if (!commit)
      return fail('no-commit', { found: `it answers 200 without a ${gate.commitField}`, wanted, where })
    if (!isSameTree)
      return fail('other-commit', {
        found: `it runs ${commit.slice(0, 7)}, your commit is ${head?.slice(0, 7) ?? 'missing'}`,
        wanted,
        where,
      })
    const data = { url: base, status: 200, ms: answer.ms, commit }
    return pass(`${where} answers, commit ${commit.slice(0, 7)}`, data, where)
  },
  portfolio: {
    part: 'shipped',
    label: 'A deployed service',
    describe: (_, { commit, ms }) => ({
      label: 'Live',
      text: `answered in ${ms} ms, from commit ${commit.slice(0, 7)}`,
    }),
    findLinks(gate, { url, commit }) {
      const health = { url: new URL(gate.path, url).href, field: gate.commitField, commit }
      return [{ ...makeLink('deploy', new URL(url).host, url), health }]
    },
  },
})

/** Resolves a gate's path against an address; returns the address itself when it can't be parsed. */
export function resolveAddress(base: string, path: string): string {
  return URL.canParse(base) ? new URL(path, base).href : base
}

/** The commit in a JSON answer, 7 to 64 hex digits. */
export function readCommit(text: string, field: string): string | undefined {
  try {
    const value = (JSON.parse(text) as Record<string, unknown> | null)?.[field]
    return typeof value === 'string' && /^[0-9a-f]{7,64}$/.test(value) ? value : undefined
  } catch {
    return undefined // an answer that is not JSON reports no commit
  }
}
