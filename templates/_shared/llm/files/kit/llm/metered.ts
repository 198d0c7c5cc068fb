import type {
  LanguageModelV3Content,
  LanguageModelV3FinishReason,
  LanguageModelV3Middleware,
  LanguageModelV3Prompt,
  LanguageModelV3StreamPart,
  LanguageModelV3Usage,
} from '@ai-sdk/provider'
import { wrapLanguageModel } from 'ai'
import { computeCost, type Price, type TokenCounts } from '#kit/llm/cost'
import { LlmError } from './errors.ts'
import type { Llm } from './model.ts'
import { estimatePromptTokens, estimateTokens } from './tokens.ts'
import { computeSpeed, Meter } from './usage.ts'

/** Records every call in `meter`. `price` null: the cost stays unknown. */
export function meterCalls(meter: Meter, price: Price | null): LanguageModelV3Middleware {
  return {
    specificationVersion: 'v3',
    wrapGenerate: async ({ doGenerate, params, model }) => {
      const call = new MeteredCall({ meter, price, modelId: model.modelId, prompt: params.prompt })
      const result = await call.orFailed(doGenerate())
      for (const part of result.content) call.saw(part)
      call.finished(result.usage, result.finishReason)
      call.end()
      return result
    },
    wrapStream: async ({ doStream, params, model }) => {
      const call = new MeteredCall({ meter, price, modelId: model.modelId, prompt: params.prompt })
      const { stream, ...rest } = await call.orFailed(doStream())
      return { ...rest, stream: watch(stream, call, params.abortSignal) }
    },
  }
}

/**
 * The same model for one piece of work, such as a request. Its usage counts in a separate meter and in the
 * shared one.
 */
export function meterSeparately(llm: Llm): Llm {
  const meter = new Meter()
  const model = wrapLanguageModel({ model: llm.model, middleware: meterCalls(meter, llm.price ?? null) })
  return { ...llm, model, meter }
}

type CallFacts = { meter: Meter; price: Price | null; modelId: string; prompt: LanguageModelV3Prompt }

class MeteredCall {
  readonly #facts: CallFacts
  readonly #startedAt = performance.now()
  #firstTokenMs: number | null = null
  #text = ''
  #reported: LanguageModelV3Usage | undefined
  #complete = false
  #unbilled = false
  #ended = false

  constructor(facts: CallFacts) {
    this.#facts = facts
  }

  saw(part: LanguageModelV3Content | LanguageModelV3StreamPart): void {
    if (part.type === 'finish') this.finished(part.usage, part.finishReason)
    if (part.type === 'error') this.#complete = false
    if ('text' in part) this.#text += part.text
    if ('delta' in part) {
      this.#firstTokenMs ??= performance.now() - this.#startedAt
      this.#text += part.delta
    }
  }

  finished(usage: LanguageModelV3Usage, { unified }: LanguageModelV3FinishReason): void {
    this.#reported = usage
    this.#complete = unified === 'stop' || unified === 'tool-calls'
  }

  /** Settles like `work`; records the call if that fails. */
  async orFailed<T>(work: PromiseLike<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      this.#unbilled = isUnbilled(error)
      this.end()
      throw error
    }
  }

  /** Records the call, once. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    const { meter, price, modelId } = this.#facts
    const totalMs = performance.now() - this.#startedAt
    const tokens = this.#tokens()
    meter.record({
      model: modelId,
      ...tokens,
      costUsd: this.#unbilled ? 0 : price && computeCost(price, tokens),
      firstTokenMs: this.#firstTokenMs,
      totalMs,
      tokensPerSecond: computeSpeed(tokens.outputTokens, totalMs - (this.#firstTokenMs ?? 0)),
      complete: this.#complete,
    })
  }

  #tokens(): TokenCounts & { estimated: boolean } {
    if (this.#unbilled) return { inputTokens: 0, outputTokens: 0, estimated: false }
    const { inputTokens, outputTokens, raw } = this.#reported ?? {}
    const cached = inputTokens?.cacheRead
    // Some servers report zeros, or nothing at all, for a stream.
    const input = toTokenCount(inputTokens?.total)
    const output = toTokenCount(outputTokens?.total)
    const isInputKnown = input > 0
    const isOutputKnown = output > 0 || (outputTokens?.total === 0 && this.#text === '')
    return {
      inputTokens: input || estimatePromptTokens(this.#facts.prompt),
      outputTokens: output || estimateTokens(this.#text),
      ...(cached ? { cachedInputTokens: toTokenCount(cached) } : {}),
      estimated: !isInputKnown || !isOutputKnown || raw?.estimated === true,
    }
  }
}

/** Returns 0 for the negative or infinite counts that some servers report. */
function toTokenCount(tokens: number | undefined): number {
  return tokens !== undefined && tokens > 0 && Number.isFinite(tokens) ? tokens : 0
}

/** Whether a request was refused or never arrived. */
export function isUnbilled(error: unknown): boolean {
  return error instanceof LlmError && (error.status !== undefined || error.kind === 'network')
}

export interface Watcher {
  saw(part: LanguageModelV3StreamPart): void
  /** May be called more than once. */
  end(): void
}

/**
 * The same stream, seen by `call` however it ends: read to its end, failed, cancelled, or aborted while
 * nothing reads it.
 */
export function watch(
  stream: ReadableStream<LanguageModelV3StreamPart>,
  call: Watcher,
  signal: AbortSignal | undefined,
): ReadableStream<LanguageModelV3StreamPart> {
  const reader = stream.getReader()
  const end = () => {
    signal?.removeEventListener('abort', end)
    call.end()
  }
  signal?.addEventListener('abort', end)
  reader.closed.then(end, end)
  const pull = async (controller: ReadableStreamDefaultController<LanguageModelV3StreamPart>) => {
    const { done, value } = await reader.read()
    if (done) return controller.close()
    call.saw(value)
    controller.enqueue(value)
  }
  return new ReadableStream({ pull, cancel: (reason) => reader.cancel(reason) }, { highWaterMark: 0 })
}
