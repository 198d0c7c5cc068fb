import type { JSONValue } from '@ai-sdk/provider'
import { generateText, jsonSchema, type ToolSet } from 'ai'
import * as z from 'zod'
import type { Llm } from '#kit/llm/model'

/** A tool as `tools/list` describes it. */
export interface ListedTool {
  name: string
  description?: string | undefined
  inputSchema: { [key: string]: unknown }
}

const call = z.object({
  /** null: no tool is for this request. */
  tool: z.string().nullable(),
  arguments: z.record(z.string(), z.unknown()),
})
export type Call = z.infer<typeof call>

const INSTRUCTIONS =
  'You have the tools of a server for notes. Call the one tool that does what the request asks for. If none of them is for it, say so in one sentence and call none.'

/**
 * Asks the model which tool to call for a request. Like a client, it knows the tools by their names,
 * descriptions and schemas alone.
 */
export async function chooseCall(
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
    system: INSTRUCTIONS,
    prompt: request,
    tools: listToolDescriptions(tools),
    maxOutputTokens: 1_024,
    maxRetries: 0,
    abortSignal: signal,
    providerOptions: { heuristic: { task: 'choose-tool', input } },
  })
  const [first] = result.toolCalls
  if (first !== undefined) return call.parse({ tool: first.toolName, arguments: first.input })
  return llm.provider === 'heuristic' ? call.parse(JSON.parse(result.text)) : { tool: null, arguments: {} }
}

/** Without `execute`: the suite measures the choice, then makes the call itself. */
function listToolDescriptions(tools: readonly ListedTool[]): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description = '', inputSchema }) => [
      name,
      { description, inputSchema: jsonSchema(inputSchema) },
    ]),
  )
}
