import type {
  LanguageModelV3Content,
  LanguageModelV3FinishReason,
  LanguageModelV3Middleware,
  LanguageModelV3Prompt,
  LanguageModelV3StreamPart,
  LanguageModelV3Usage,
} from '@ai-sdk/provider'
import { LlmError } from './errors.ts'
import { costOf, type ModelFacts, type Price, type TokenCounts } from './models.ts'
import { estimatePromptTokens, estimateTokens } from './tokens.ts'
import { type Meter, speed } from './usage.ts'

/** Records every call in `meter`. `price` null: costs stay unknown. */
export function metered(meter: Meter, price: Price | null): LanguageModelV3Middleware {
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

  /** Settles like `work`. A request that was refused, or never arrived, is not billed. */
  async orFailed<T>(work: PromiseLike<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      this.#unbilled = error instanceof LlmError && (error.status !== undefined || error.kind === 'network')
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
      costUsd: this.#unbilled ? 0 : price && costOf(price, tokens),
      firstTokenMs: this.#firstTokenMs,
      totalMs,
      tokensPerSecond: speed(tokens.outputTokens, totalMs - (this.#firstTokenMs ?? 0)),
      complete: this.#complete,
    })
  }

  #tokens(): TokenCounts & { estimated: boolean } {
    if (this.#unbilled) return { inputTokens: 0, outputTokens: 0, estimated: false }
    const { inputTokens, outputTokens, raw } = this.#reported ?? {}
    const cached = inputTokens?.cacheRead
    return {
      // Some servers report zeros, or nothing at all, for a stream.
      inputTokens: inputTokens?.total || estimatePromptTokens(this.#facts.prompt),
      outputTokens: outputTokens?.total || estimateTokens(this.#text),
      ...(cached ? { cachedInputTokens: cached } : {}),
      estimated: !inputTokens?.total || outputTokens?.total === undefined || raw?.estimated === true,
    }
  }
}

/** The same stream, seen by `call` however it ends: read to its end, failed, cancelled, or aborted and never read on. */
function watch(
  stream: ReadableStream<LanguageModelV3StreamPart>,
  call: MeteredCall,
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

/** An estimate from another tokenizer can be a third too low, and a ceiling has to hold anyway. */
const ESTIMATE_MARGIN = 1.35

/**
 * Refuses a call (`LlmError` of kind `cost`) when what is spent and the worst case of this call together pass the
 * ceiling, or when the price is unknown. Calls made at the same time do not count each other.
 */
export function costCeiling(
  maxCostUsd: number,
  { price, maxOutput }: ModelFacts,
  meter: Meter,
): LanguageModelV3Middleware {
  return {
    specificationVersion: 'v3',
    transformParams: async ({ params }) => {
      if (price === null) throw priceUnknown()
      const inputTokens = Math.ceil(estimatePromptTokens(params.prompt) * ESTIMATE_MARGIN)
      const worstUsd = costOf(price, { inputTokens, outputTokens: params.maxOutputTokens ?? maxOutput })
      const spentUsd = meter.total().costUsd ?? 0
      if (spentUsd + worstUsd <= maxCostUsd) return params
      const figures = `$${spentUsd.toFixed(4)} spent, up to $${worstUsd.toFixed(4)} for this call`
      throw new LlmError('cost', `the call could pass the cost ceiling of $${maxCostUsd}: ${figures}`, {
        hint: 'Send less, lower maxOutputTokens, or raise the ceiling.',
      })
    },
  }
}

function priceUnknown(): LlmError {
  const hint =
    'Set AI_PRICE_INPUT and AI_PRICE_OUTPUT (USD per million tokens), or add it to src/llm/models.ts.'
  return new LlmError('cost', 'a cost ceiling is set, but the price of this model is unknown', { hint })
}
