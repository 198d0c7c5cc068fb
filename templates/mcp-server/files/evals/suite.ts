import * as z from 'zod'
import { loadEnv } from '#kit/console/env'
import type { Grader } from '#kit/evals/suite'
import { evalCase, type Suite } from '#kit/evals/suite'
import { openLlm } from '#kit/llm/model'
import { heuristicTasks } from '#kit/offline/choose-tool'
import { extractTerms } from '#kit/retrieval/terms'
import { type Call, chooseCall } from './choose-tool.ts'
import { runWithClient } from './client.ts'

/** The folder of the notes that evals and conformance checks read, from the root of the repo. */
export const NOTES = 'notes-sample'

const requestCase = evalCase.extend({
  request: z.string(),
  /** null: no tool is for this request. */
  tool: z.string().nullable(),
  /** Arguments that must have exactly these values. The call may have others too. */
  arguments: z.record(z.string(), z.json()).default({}),
  /** Words, in any form, that the query of a search must contain. */
  query: z.array(z.string()).optional(),
})
type RequestCase = z.infer<typeof requestCase>

const outcome = z.object({
  tool: z.string().nullable(),
  arguments: z.record(z.string(), z.unknown()),
  /** The server's error; null when it accepted the call, or there was none. */
  error: z.string().nullable(),
})

const gradeTool: Grader<RequestCase> = (output, { tool }) => {
  const called = readOutcome(output)?.tool
  const pass = called === tool
  return { pass, score: pass ? 1 : 0, reason: `called ${called ?? 'nothing'}, wanted ${tool ?? 'nothing'}` }
}

const gradeArguments: Grader<RequestCase> = (output, { tool, arguments: wanted, query }) => {
  const called = readOutcome(output)
  if (called === undefined || called.tool !== tool) return { pass: false, score: 0, reason: 'another tool' }
  const wrong = Object.entries(wanted).filter(
    ([name, value]) => JSON.stringify(called.arguments[name]) !== JSON.stringify(value),
  )
  const said = new Set(extractTerms(String(called.arguments['query'] ?? '')))
  const unsaid = (query ?? []).filter((word) => !extractTerms(word).every((term) => said.has(term)))
  const missing = [...wrong.map(([name]) => name), ...unsaid.map((word) => `query: ${word}`)]
  const all = Object.keys(wanted).length + (query?.length ?? 0)
  const pass = missing.length === 0
  return {
    pass,
    score: all === 0 ? Number(pass) : 1 - missing.length / all,
    reason: pass ? 'as wanted' : `not as wanted: ${missing.join(', ')}`,
  }
}

const callAccepted: Grader<RequestCase> = (output) => {
  const error = readOutcome(output)?.error
  const pass = error === null
  return {
    pass,
    score: pass ? 1 : 0,
    reason: pass ? 'the server took the call' : `the server said: ${error ?? 'nothing'}`,
  }
}

function readOutcome(output: string): z.infer<typeof outcome> | undefined {
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
  // Descriptions of tools are prompts: a client chooses by nothing else.
  prompts: ['server', 'tools/read-note', 'tools/list-notes', 'tools/add-note'].map(
    (name) => `src/${name}.ts`,
  ),
  graders: { tool: gradeTool, arguments: gradeArguments, accepted: callAccepted },
  open: () => openLlm({ env: loadEnv(process.cwd(), process.env), tasks: heuristicTasks }),
  answer({ request }, llm, signal) {
    return runWithClient(NOTES, async (client) => {
      const { tools } = await client.listTools()
      const startedAt = performance.now()
      const call = await chooseCall(request, tools, { llm, signal })
      const error = await findError(call, client.callTool.bind(client))
      // The copy of the notes and its index are the eval's own, not a part of an answer.
      const latencyMs = Math.round(performance.now() - startedAt)
      return { output: JSON.stringify({ ...call, error }), latencyMs }
    })
  },
  echo: ({ request }) => request,
  describe: ({ request, tool }) => ({ input: request, expected: tool ?? 'no tool' }),
}

type CallTool = (params: {
  name: string
  arguments: Record<string, unknown>
}) => Promise<{ isError?: boolean | undefined; content: unknown }>

/** Makes the call: arguments that look right but are refused are wrong. */
async function findError({ tool, arguments: given }: Call, callTool: CallTool): Promise<string | null> {
  if (tool === null) return null
  const { isError, content } = await callTool({ name: tool, arguments: given })
  return isError === true ? JSON.stringify(content) : null
}
