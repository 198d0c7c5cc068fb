import type {
  JSONValue,
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3FinishReason,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamPart,
  LanguageModelV3StreamResult,
  LanguageModelV3Usage,
} from '@ai-sdk/provider'
import { z } from 'zod'
import { LlmError } from './errors.ts'
import { estimateTokens } from './tokens.ts'

/** Real, deterministic work on the input: extract, rank, quote. Never a canned answer. */
export type HeuristicTask = (input: JSONValue, context: { signal?: AbortSignal }) => string | Promise<string>
export type HeuristicTasks = Record<string, HeuristicTask>

const request = z.object({ task: z.string(), input: z.json() })
const finishReason: LanguageModelV3FinishReason = { unified: 'stop', raw: undefined }

/**
 * A language model in form only: plain functions behind the interface of one, so that everything around a model
 * (streaming, metering, evals) runs without a key. What to do comes as data in `providerOptions.heuristic`,
 * `{ task, input }`; prompts are not read, and editing one changes nothing here.
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
    const { text, usage } = await this.#answer(options)
    return { content: [{ type: 'text', text }], finishReason, usage, warnings: [] }
  }

  async doStream(options: LanguageModelV3CallOptions): Promise<LanguageModelV3StreamResult> {
    const { text, usage } = await this.#answer(options)
    return { stream: ReadableStream.from(parts(text, usage, options.abortSignal)) }
  }

  async #answer({ providerOptions, abortSignal }: LanguageModelV3CallOptions) {
    abortSignal?.throwIfAborted()
    const { success, data } = request.safeParse(providerOptions?.heuristic)
    if (!success)
      throw this.#misuse('the heuristic provider needs { task, input } in providerOptions.heuristic')
    const { task: name, input } = data
    const task = Object.hasOwn(this.#tasks, name) ? this.#tasks[name] : undefined
    if (task === undefined) throw this.#misuse(`no heuristic task is called "${name}"`)
    const text = await task(input, abortSignal ? { signal: abortSignal } : {})
    abortSignal?.throwIfAborted()
    return { text, usage: estimatedUsage(input, text) }
  }

  #misuse(message: string): LlmError {
    const hint = `Known tasks: ${Object.keys(this.#tasks).join(', ') || 'none'}.`
    return new LlmError('config', message, { hint })
  }
}

/** Word by word, so that what reads a stream is exercised as a model would. */
async function* parts(
  text: string,
  usage: LanguageModelV3Usage,
  signal: AbortSignal | undefined,
): AsyncGenerator<LanguageModelV3StreamPart> {
  yield { type: 'stream-start', warnings: [] }
  yield { type: 'response-metadata', modelId: 'heuristic' }
  yield { type: 'text-start', id: '0' }
  for (const delta of text.match(/\s*\S+|\s+$/g) ?? []) {
    signal?.throwIfAborted()
    yield { type: 'text-delta', id: '0', delta }
  }
  yield { type: 'text-end', id: '0' }
  yield { type: 'finish', finishReason, usage }
}

function estimatedUsage(input: JSONValue, text: string): LanguageModelV3Usage {
  const inputTokens = estimateTokens(typeof input === 'string' ? input : JSON.stringify(input))
  const outputTokens = estimateTokens(text)
  return {
    inputTokens: { total: inputTokens, noCache: inputTokens, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: outputTokens, text: outputTokens, reasoning: 0 },
    raw: { estimated: true },
  }
}
