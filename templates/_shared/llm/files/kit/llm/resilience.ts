import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3Middleware,
  LanguageModelV3StreamPart,
  LanguageModelV3StreamResult,
} from '@ai-sdk/provider'
import type { AbortScope } from '#kit/console/deadline'
import { Call, callWhole, type ResilienceOptions, timeLimit } from './call.ts'

/**
 * Adds deadlines, retries and prompt aborts to every call. A stream is retried only before any of it has been
 * shown: half an answer twice is worse than an error. Calls throw an LlmError, or the signal's reason when
 * the caller aborts.
 */
export function guardCalls(options: ResilienceOptions): LanguageModelV3Middleware {
  return {
    specificationVersion: 'v3',
    wrapGenerate: async ({ model, params }) => {
      const once = (signal: AbortSignal) => model.doGenerate({ ...params, abortSignal: signal })
      return callWhole(params.abortSignal, options, once)
    },
    wrapStream: async ({ model, params }) => {
      const call = new Call(params.abortSignal, options)
      const limit = timeLimit(options.policy.firstTokenMs, 'no first token', { retryable: true })
      try {
        const opened = await call.retrying((attempt) =>
          attempt.race(openStream(model, params, attempt), limit),
        )
        return { ...opened.result, stream: streamRest(opened, call, params.abortSignal, options) }
      } catch (error) {
        call.close()
        throw error
      }
    },
  }
}

interface OpenedStream {
  result: Omit<LanguageModelV3StreamResult, 'stream'>
  /** The parts up to and including the first one that shows something. */
  head: LanguageModelV3StreamPart[]
  reader: ReadableStreamDefaultReader<LanguageModelV3StreamPart>
  attempt: AbortScope
}

const SHOWS_NOTHING = ['stream-start', 'response-metadata', 'raw', 'text-start', 'reasoning-start']

async function openStream(
  model: LanguageModelV3,
  params: LanguageModelV3CallOptions,
  attempt: AbortScope,
): Promise<OpenedStream> {
  const { stream, ...result } = await model.doStream({ ...params, abortSignal: attempt.signal })
  const reader = stream.getReader()
  const head: LanguageModelV3StreamPart[] = []
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    if (value.type === 'error') throw value.error
    head.push(value)
    if (!SHOWS_NOTHING.includes(value.type)) break
  }
  return { result, head, reader, attempt }
}

/** The caller's stream: the head, then the rest under the idle limit. It ends at the first error. */
function streamRest(
  { head, reader, attempt }: OpenedStream,
  call: Call,
  caller: AbortSignal | undefined,
  { policy, toError }: ResilienceOptions,
): ReadableStream<LanguageModelV3StreamPart> {
  const idle = timeLimit(policy.idleMs, 'the stream stalled: no data')
  const next = async () => head.shift() ?? (await attempt.race(reader.read(), idle)).value
  const end = (reason: unknown) => {
    attempt.abort(reason)
    call.close()
  }
  async function pull(controller: ReadableStreamDefaultController<LanguageModelV3StreamPart>) {
    try {
      const part = await next()
      if (part?.type === 'error') throw part.error
      if (part !== undefined) return controller.enqueue(part)
      end(undefined)
    } catch (error) {
      end(error)
      if (caller?.aborted) return controller.error(error)
      controller.enqueue({ type: 'error', error: toError(error) })
    }
    controller.close()
  }
  return new ReadableStream({ pull, cancel: end }, { highWaterMark: 0 })
}
