import type { JSONValue } from '@ai-sdk/provider'
import { generateText, jsonSchema, type ToolSet } from 'ai'
import * as z from 'zod'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import type { Llm } from '#kit/llm/model'
import { chooseTool } from '#kit/tool-choice/choose'

/** A tool as `tools/list` describes it. */
export interface ListedTool {
  name: string
  description?: string | undefined
  inputSchema: { [key: string]: unknown }
}

/** What is called for a request. */
export interface Call {
  /** null: no tool is for this. */
  tool: string | null
  arguments: Record<string, unknown>
}

const INSTRUCTIONS =
  'You have the tools of a server for notes. Call the one tool that does what the request asks for. If none of them is for it, say so in one sentence and call none.'

/**
 * Below the layer's own: most words of a request to search are about what is searched for, and no tool has them. On these cases requests that are for no tool score 0, unless they are
 * about notes as well.
 */
const THRESHOLD = 0.2

/** What the heuristic provider can do: choose by words, without a language model. */
export const heuristicTasks: HeuristicTasks = {
  'choose-tool': (input) => {
    const { request, tools } = task.parse(input)
    return JSON.stringify(choiceByWords(request, tools))
  },
}

const task = z.object({
  request: z.string(),
  tools: z.array(z.object({ name: z.string(), description: z.string(), inputSchema: z.unknown() })),
})
const call = z.object({ tool: z.string().nullable(), arguments: z.record(z.string(), z.unknown()) })

function choiceByWords(request: string, tools: z.infer<typeof task>['tools']): Call {
  const choice = chooseTool(request, tools, { threshold: THRESHOLD })
  switch (choice.kind) {
    case 'none':
      return { tool: null, arguments: {} }
    case 'call':
      return { tool: choice.tool, arguments: choice.input }
    case 'ask':
      // A search is given all that was asked; nothing else is made up.
      return { tool: choice.tool, arguments: choice.missing.includes('query') ? { query: request } : {} }
    default:
      return choice satisfies never
  }
}

/** The call that a provider makes for a request, among tools that it knows by their descriptions alone. */
export async function callFor(
  request: string,
  tools: readonly ListedTool[],
  { llm, signal }: { llm: Llm; signal: AbortSignal },
): Promise<Call> {
  const described = tools.map(({ name, description = '', inputSchema }) => ({
    name,
    description,
    inputSchema,
  }))
  const input: JSONValue = JSON.parse(JSON.stringify({ request, tools: described }))
  const result = await generateText({
    model: llm.model,
    ...{
      system: INSTRUCTIONS,
      prompt: request,
      tools: toolSet(tools),
      maxOutputTokens: 1_024,
      maxRetries: 0,
    },
    ...{ abortSignal: signal, providerOptions: { heuristic: { task: 'choose-tool', input } } },
  })
  const [first] = result.toolCalls
  if (first !== undefined) return call.parse({ tool: first.toolName, arguments: first.input })
  return llm.provider === 'heuristic' ? call.parse(JSON.parse(result.text)) : { tool: null, arguments: {} }
}

/** Without `execute`: the choice is what is measured, and the call is made by the suite. */
function toolSet(tools: readonly ListedTool[]): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description = '', inputSchema }) => [
      name,
      { description, inputSchema: jsonSchema(inputSchema) },
    ]),
  )
}
