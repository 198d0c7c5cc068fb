import type {
  LanguageModelV3CallOptions,
  LanguageModelV3Middleware,
  LanguageModelV3StreamPart,
} from '@ai-sdk/provider'
import { isRecord, parseJson } from '#kit/console/json'
import { LlmError } from './errors.ts'

/** How chat templates write a call that the server then did not read. */
const MARKS =
  /<\/?(?:tool_call|tool_calls|function_call|function_calls|tool_use|invoke)\b|<function=|\[TOOL_CALLS?\]|\[TOOL_REQUEST\]|<\|python_tag\|>|<\|tool_calls?(?:_begin|_start)?\|>|<[|｜]tool▁calls?▁begin[|｜]>|<\|action_start\|>|<\|tool_call>|to=functions\./
const ARGUMENTS = ['arguments', 'parameters', 'args', 'input']

/**
 * Whether a text is, or ends in, a call of one of `tools`: marks of a chat template around the name of a
 * tool, or JSON that names one with its arguments. Quotes in code (`` ` ``) are words about a call.
 */
export function isWrittenCall(text: string, tools: readonly string[]): boolean {
  const bare = text.trim()
  const words = bare.replace(/`[^`\n]*`/g, '')
  if (MARKS.test(words) && tools.some((name) => words.includes(name))) return true
  const fenced = /```[\w-]*\s*\n([\s\S]*?)\n?\s*```\s*$/.exec(bare)?.[1]
  const json = fenced ?? bare.slice(Math.max(0, bare.search(/^\s*[[{]/m)))
  return isCallJson(parseJson(json.trim()), tools)
}

function isCallJson(value: unknown, tools: readonly string[]): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => isCallJson(item, tools))
  if (!isRecord(value)) return false
  const called =
    [value['function'], value['tool_call'], value['function_call'], value].find(isRecord) ?? value
  const name = called['name'] ?? value['tool'] ?? value['tool_name'] ?? value['function']
  const hasInput = ARGUMENTS.some((field) => field in called || field in value)
  return typeof name === 'string' && tools.includes(name) && hasInput
}

/**
 * Makes an error of a tool call that the model wrote into its text: the caller would take it for an answer,
 * and nothing would have been done. It is not made either: a document can hold such a text.
 */
export const refuseWrittenCalls: LanguageModelV3Middleware = {
  specificationVersion: 'v3',
  wrapGenerate: async ({ doGenerate, params }) => {
    const result = await doGenerate()
    const text = result.content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('')
    const hasCall = result.content.some(({ type }) => type === 'tool-call')
    if (!hasCall && isWrittenCall(text, listTools(params))) throw createCallError()
    return result
  },
  wrapStream: async ({ doStream, params }) => {
    const { stream, ...rest } = await doStream()
    const tools = listTools(params)
    return { ...rest, stream: tools.length === 0 ? stream : stream.pipeThrough(watchCalls(tools)) }
  },
}

function watchCalls(
  tools: readonly string[],
): TransformStream<LanguageModelV3StreamPart, LanguageModelV3StreamPart> {
  let text = ''
  let hasCall = false
  return new TransformStream({
    transform(part, controller) {
      if (part.type === 'text-delta') text += part.delta
      hasCall ||= part.type === 'tool-call'
      const isWritten = part.type === 'finish' && !hasCall && isWrittenCall(text, tools)
      controller.enqueue(isWritten ? { type: 'error', error: createCallError() } : part)
    },
  })
}

function listTools({ tools = [] }: LanguageModelV3CallOptions): string[] {
  return tools.map(({ name }) => name)
}

function createCallError(): LlmError {
  const hint = "Try again, or a model and server that support tools: the server didn't recognise the call."
  return new LlmError('written-call', 'the model wrote a tool call as text, so no tool was called', {
    hint,
  })
}
