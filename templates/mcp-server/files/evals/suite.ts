import * as z from 'zod'
import { loadEnv } from '#kit/console/env'
import type { Grader } from '#kit/evals/suite'
import { evalCase, type Suite } from '#kit/evals/suite'
import { openLlm } from '#kit/llm/model'
import { termsOf } from '#kit/retrieval/terms'
import { type Call, callFor, heuristicTasks } from './choose-tool.ts'
import { withClient } from './client.ts'

const NOTES = 'notes-sample'

const requestCase = evalCase.extend({
  request: z.string(),
  /** null: a request that no tool is for. */
  tool: z.string().nullable(),
  /** Arguments that have to be exactly so. Others may be given too. */
  arguments: z.record(z.string(), z.json()).default({}),
  /** Words, in any form, that the query of a search must have. */
  query: z.array(z.string()).optional(),
})
type RequestCase = z.infer<typeof requestCase>

const outcome = z.object({
  tool: z.string().nullable(),
  arguments: z.record(z.string(), z.unknown()),
  /** What the server said to the call; null when there was none. */
  error: z.string().nullable(),
})

const rightTool: Grader<RequestCase> = (output, { tool }) => {
  const called = read(output)?.tool
  const pass = called === tool
  return { pass, score: pass ? 1 : 0, reason: `called ${called ?? 'nothing'}, wanted ${tool ?? 'nothing'}` }
}

const rightArguments: Grader<RequestCase> = (output, { tool, arguments: wanted, query }) => {
  const called = read(output)
  if (called === undefined || called.tool !== tool) return { pass: false, score: 0, reason: 'another tool' }
  const wrong = Object.entries(wanted).filter(
    ([name, value]) => JSON.stringify(called.arguments[name]) !== JSON.stringify(value),
  )
  const said = new Set(termsOf(String(called.arguments['query'] ?? '')))
  const unsaid = (query ?? []).filter((word) => !termsOf(word).every((term) => said.has(term)))
  const missing = [...wrong.map(([name]) => name), ...unsaid.map((word) => `query: ${word}`)]
  const all = Object.keys(wanted).length + (query?.length ?? 0)
  const pass = missing.length === 0
  return {
    pass,
    score: all === 0 ? Number(pass) : 1 - missing.length / all,
    reason: pass ? 'as wanted' : `not as wanted: ${missing.join(', ')}`,
  }
}

const accepted: Grader<RequestCase> = (output) => {
  const error = read(output)?.error
  const pass = error === null
  return {
    pass,
    score: pass ? 1 : 0,
    reason: pass ? 'the server took the call' : `the server said: ${error ?? 'nothing'}`,
  }
}

function read(output: string): z.infer<typeof outcome> | undefined {
  try {
    return outcome.safeParse(JSON.parse(output)).data
  } catch {
    return undefined
  }
}

export const suite: Suite<RequestCase> = {
  name: 'tools',
  schema: requestCase,
  cases: 'evals/cases.jsonl',
  // Descriptions of tools are prompts: this is all that a client chooses by.
  prompts: ['search-notes', 'read-note', 'list-notes', 'add-note'].map((name) => `src/tools/${name}.ts`),
  graders: { tool: rightTool, arguments: rightArguments, accepted },
  open: () => openLlm({ env: loadEnv(process.cwd(), process.env), tasks: heuristicTasks }),
  answer({ request }, llm, signal) {
    return withClient(NOTES, async (client) => {
      const { tools } = await client.listTools()
      const call = await callFor(request, tools, { llm, signal })
      return JSON.stringify({ ...call, error: await errorOf(call, client.callTool.bind(client)) })
    })
  },
  echo: ({ request }) => request,
}

type CallTool = (params: {
  name: string
  arguments: Record<string, unknown>
}) => Promise<{ isError?: boolean | undefined; content: unknown }>

/** The call is made: arguments that look right and are refused are wrong. */
async function errorOf({ tool, arguments: given }: Call, callTool: CallTool): Promise<string | null> {
  if (tool === null) return null
  const { isError, content } = await callTool({ name: tool, arguments: given })
  return isError === true ? JSON.stringify(content) : null
}
