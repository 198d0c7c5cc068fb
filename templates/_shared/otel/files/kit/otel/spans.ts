import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { ATTR } from './names.ts'

export interface SpanStart {
  /** An operation and a low-cardinality name, for example `chat gpt-x`. */
  name: string
  kind?: SpanKind
  attributes?: Attributes
  /** After this has aborted, an error is recorded as `aborted` or `timeout`. */
  signal?: AbortSignal | undefined
  /** The context of the parent span; by default the active one. */
  parent?: Context | undefined
}

/** Runs `work` in a new span, below the active span or the one in `start.parent`. Settles like `work`. */
export async function runWithSpan<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T> {
  const { span, inside } = startSpan(start)
  try {
    return await context.with(inside, () => work(span))
  } catch (error) {
    failSpan(span, toErrorType(error, start.signal))
    throw error
  } finally {
    span.end()
  }
}

/**
 * Runs a generator in a new span. A generator's body runs in the context of the caller of `next()`, which is
 * the reader's, so every step runs inside the span's context. A reader that leaves early ends the span as
 * `aborted`.
 */
export async function* generateWithSpan<T>(
  start: SpanStart,
  generate: (span: Span) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const { span, inside } = startSpan(start)
  const generator = generate(span)
  let endedAs: string | undefined = 'aborted'
  try {
    for (;;) {
      const { done, value } = await context.with(inside, () => generator.next())
      if (done) break
      yield value
    }
    endedAs = undefined
  } catch (error) {
    endedAs = toErrorType(error, start.signal)
    throw error
  } finally {
    await context.with(inside, () => generator.return(undefined))
    if (endedAs !== undefined) failSpan(span, endedAs)
    span.end()
  }
}

/** Starts a span that the caller has to end. `inside` is the context with the span in it. */
export function startSpan({
  name,
  kind = SpanKind.INTERNAL,
  attributes = {},
  parent = context.active(),
}: SpanStart): { span: Span; inside: Context } {
  // Uses only the API: this records nothing until `startTracing` registers a provider. Gets the tracer on
  // every call, because one from before the registration might never learn of it.
  const tracer = trace.getTracer('kit/otel')
  const span = tracer.startSpan(name, { kind, attributes }, parent)
  return { span, inside: trace.setSpan(parent, span) }
}

/** Records only the type: the message of an error can quote a prompt, a document or an answer. */
export function failSpan(span: Span, type: string): void {
  span.setAttribute(ATTR.errorType, type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** `aborted` or `timeout` if the signal aborted, else the error's `kind` (`rate-limit`) or its name. */
export function toErrorType(error: unknown, signal?: AbortSignal): string {
  if (signal?.aborted) return isNamed(signal.reason, 'TimeoutError') ? 'timeout' : 'aborted'
  if (!(error instanceof Error)) return '_OTHER'
  return 'kind' in error && typeof error.kind === 'string' ? error.kind : error.name
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name
}

/**
 * Returns content attributes only if the user turned content on: prompts, answers, questions and documents
 * can hold personal data.
 */
export function recordContent(content: () => Attributes): Attributes {
  const asked = process.env['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT']
  return asked?.trim().toLowerCase() === 'true' ? content() : {}
}
