import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3Content,
  LanguageModelV3FinishReason,
  LanguageModelV3Middleware,
  LanguageModelV3ResponseMetadata,
  LanguageModelV3StreamPart,
  LanguageModelV3Usage,
} from '@ai-sdk/provider'
import { type Attributes, context, type Span, SpanKind } from '@opentelemetry/api'
import { wrapLanguageModel } from 'ai'
import { watch } from '#kit/llm/metered'
import { ATTR } from './names.ts'
import { promptContent } from './prompt.ts'
import { failSpan, recordContent, runWithSpan, type SpanStart, startSpan, toErrorType } from './spans.ts'

/**
 * Wraps an `Llm` so that each call gets a span `chat MODEL`. The span is outside the retries: it measures
 * what the caller sees.
 */
export function traceLlm<L extends { provider: string; model: LanguageModelV3 }>(llm: L): L {
  return { ...llm, model: wrapLanguageModel({ model: llm.model, middleware: traceChat(llm.provider) }) }
}

function traceChat(provider: string): LanguageModelV3Middleware {
  return {
    specificationVersion: 'v3',
    wrapGenerate: ({ doGenerate, params, model }) =>
      runWithSpan(toChatStart(provider, model.modelId, params, false), async (span) => {
        const result = await doGenerate()
        const call = new ChatCall(span, params.abortSignal)
        call.answered(result.response ?? {})
        for (const part of result.content) call.saw(part)
        call.finished(result.usage, result.finishReason)
        call.record()
        return result
      }),
    wrapStream: async ({ doStream, params, model }) => {
      const { span, inside } = startSpan(toChatStart(provider, model.modelId, params, true))
      const call = new ChatCall(span, params.abortSignal)
      try {
        const { stream, ...rest } = await context.with(inside, doStream)
        return { ...rest, stream: watch(stream, call, params.abortSignal) }
      } catch (error) {
        call.failed(error)
        call.end()
        throw error
      }
    },
  }
}

function toChatStart(
  provider: string,
  model: string,
  params: LanguageModelV3CallOptions,
  streams: boolean,
): SpanStart {
  return {
    name: `chat ${model}`,
    // The heuristic provider runs in this process.
    kind: provider === 'heuristic' ? SpanKind.INTERNAL : SpanKind.CLIENT,
    signal: params.abortSignal,
    attributes: {
      [ATTR.operation]: 'chat',
      [ATTR.provider]: provider,
      [ATTR.requestModel]: model,
      ...(streams && { [ATTR.requestStream]: true }),
      ...dropUndefined({ [ATTR.maxTokens]: params.maxOutputTokens, [ATTR.temperature]: params.temperature }),
      ...recordContent(() => promptContent(params.prompt)),
    },
  }
}

/** Collects what a call reports while it runs, and writes it to the call's span. */
class ChatCall {
  readonly #span: Span
  readonly #signal: AbortSignal | undefined
  readonly #startedAt = performance.now()
  #isChunkSeen = false
  #text = ''
  #endedAs: string | undefined = 'aborted'
  #isOver = false

  constructor(span: Span, signal: AbortSignal | undefined) {
    this.#span = span
    this.#signal = signal
  }

  saw(part: LanguageModelV3Content | LanguageModelV3StreamPart): void {
    if (part.type === 'response-metadata') this.answered(part)
    if (part.type === 'finish') this.finished(part.usage, part.finishReason)
    if (part.type === 'error') this.failed(part.error)
    if (part.type === 'text') this.#text += part.text
    if (!('delta' in part)) return
    if (part.type === 'text-delta') this.#text += part.delta
    if (!this.#isChunkSeen)
      this.#span.setAttribute(ATTR.timeToFirstChunk, (performance.now() - this.#startedAt) / 1_000)
    this.#isChunkSeen = true
  }

  answered({ id, modelId }: LanguageModelV3ResponseMetadata): void {
    this.#span.setAttributes(dropUndefined({ [ATTR.responseId]: id, [ATTR.responseModel]: modelId }))
  }

  finished({ inputTokens, outputTokens }: LanguageModelV3Usage, reason: LanguageModelV3FinishReason): void {
    this.#endedAs = undefined
    this.#span.setAttributes({
      [ATTR.finishReasons]: [reason.unified],
      ...dropUndefined({
        [ATTR.inputTokens]: inputTokens.total,
        [ATTR.outputTokens]: outputTokens.total,
        [ATTR.cacheReadTokens]: inputTokens.cacheRead,
        [ATTR.reasoningTokens]: outputTokens.reasoning,
      }),
    })
  }

  failed(error: unknown): void {
    this.#endedAs = toErrorType(error, this.#signal)
  }

  record(): void {
    this.#span.setAttributes(
      recordContent(() => ({
        [ATTR.outputMessages]: JSON.stringify([
          { role: 'assistant', parts: [{ type: 'text', content: this.#text }] },
        ]),
      })),
    )
    if (this.#endedAs !== undefined) failSpan(this.#span, this.#endedAs)
  }

  /** Ends the span once: a stream can be cancelled after it has failed. */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    // The call did not finish: its signal aborted, or its reader left early.
    if (this.#endedAs === 'aborted' && this.#signal?.aborted) this.failed(this.#signal.reason)
    this.record()
    this.#span.end()
  }
}

function dropUndefined(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
