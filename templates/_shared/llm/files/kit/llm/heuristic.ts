import { randomUUID } from 'node:crypto'
import type {
  JSONObject,
  JSONValue,
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3FinishReason,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamPart,
  LanguageModelV3StreamResult,
  LanguageModelV3Text,
  LanguageModelV3ToolCall,
  LanguageModelV3Usage,
} from '@ai-sdk/provider'
import { z } from 'zod'
import { LlmError } from './errors.ts'
import { estimateTokens } from './tokens.ts'

/** Tool calls instead of text. */
export interface HeuristicCalls {
  toolCalls: readonly { toolName: string; input: JSONObject }[]
}
type HeuristicAnswer = string | HeuristicCalls
/** Real, deterministic work on the input: extract, rank, quote, choose a tool. Never a canned answer. */
export type HeuristicTask = (
  input: JSONValue,
  context: { signal?: AbortSignal },
) => HeuristicAnswer | Promise<HeuristicAnswer>
export type HeuristicTasks = Record<string, HeuristicTask>

const request = z.object({ task: z.string(), input: z.json() })

/**
 * A language model by its interface only: plain functions, so that everything around a model (streaming,
 * metering, evals) runs without a key. The task comes as data in `providerOptions.heuristic`,
 * `{ task, input }`. Prompts are not read, so editing one changes nothing here. A call throws an LlmError of
 * kind `config` if the task is missing or unknown.
 */
export class HeuristicLanguageModel implements LanguageModelV3 {
  readonly specificationVersion = 'v3'
  readonly provider = 'heuristic'
  readonly modelId = 'heuristic'
  readonly supportedUrls = {}
  readonly #tasks: HeuristicTasks

  constructor(tasks: HeuristicTasks) {
    this.#tasks = tasks
  }

  async doGenerate(options: LanguageModelV3CallOptions): Promise<LanguageModelV3GenerateResult> {
    const { answer, usage } = await this.#answer(options)
    return { content: toContent(answer), finishReason: getFinishReason(answer), usage, warnings: [] }
  }

  async doStream(options: LanguageModelV3CallOptions): Promise<LanguageModelV3StreamResult> {
    const { answer, usage } = await this.#answer(options)
    return { stream: ReadableStream.from(streamParts(answer, usage, options.abortSignal)) }
  }

  async #answer({ providerOptions, abortSignal }: LanguageModelV3CallOptions) {
    abortSignal?.throwIfAborted()
    const { success, data } = request.safeParse(providerOptions?.heuristic)
    if (!success)
      throw this.#misuse('the heuristic provider needs { task, input } in providerOptions.heuristic')
    const { task: name, input } = data
    const task = Object.hasOwn(this.#tasks, name) ? this.#tasks[name] : undefined
    if (task === undefined) throw this.#misuse(`no heuristic task is called "${name}"`)
    const answer = await task(input, abortSignal ? { signal: abortSignal } : {})
    abortSignal?.throwIfAborted()
    return { answer, usage: estimateUsage(input, answer) }
  }

  #misuse(message: string): LlmError {
    const hint = `Known tasks: ${Object.keys(this.#tasks).join(', ') || 'none'}.`
    return new LlmError('config', message, { hint })
  }
}

function toContent(answer: HeuristicAnswer): (LanguageModelV3Text | LanguageModelV3ToolCall)[] {
  if (typeof answer === 'string') return [{ type: 'text', text: answer }]
  return answer.toolCalls.map(({ toolName, input }) => ({
    ...{ type: 'tool-call', toolCallId: randomUUID(), toolName, input: JSON.stringify(input) },
  }))
}

function getFinishReason(answer: HeuristicAnswer): LanguageModelV3FinishReason {
  return { unified: typeof answer === 'string' ? 'stop' : 'tool-calls', raw: undefined }
}

/** Streams text word by word, so that code that reads a stream is exercised as with a real model. */
async function* streamParts(
  answer: HeuristicAnswer,
  usage: LanguageModelV3Usage,
  signal: AbortSignal | undefined,
): AsyncGenerator<LanguageModelV3StreamPart> {
  yield { type: 'stream-start', warnings: [] }
  yield { type: 'response-metadata', modelId: 'heuristic' }
  for (const content of toContent(answer)) {
    if (content.type === 'tool-call') yield content
    else yield* streamTextParts(content.text, signal)
  }
  yield { type: 'finish', finishReason: getFinishReason(answer), usage }
}

async function* streamTextParts(
  text: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<LanguageModelV3StreamPart> {
  yield { type: 'text-start', id: '0' }
  for (const delta of text.match(/\s*\S+|\s+$/g) ?? []) {
    signal?.throwIfAborted()
    yield { type: 'text-delta', id: '0', delta }
  }
  yield { type: 'text-end', id: '0' }
}

function estimateUsage(input: JSONValue, answer: HeuristicAnswer): LanguageModelV3Usage {
  const inputTokens = estimateTokens(typeof input === 'string' ? input : JSON.stringify(input))
  const outputTokens = estimateTokens(typeof answer === 'string' ? answer : JSON.stringify(answer))
  return {
    inputTokens: { total: inputTokens, noCache: inputTokens, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: outputTokens, text: outputTokens, reasoning: 0 },
    raw: { estimated: true },
  }
}
