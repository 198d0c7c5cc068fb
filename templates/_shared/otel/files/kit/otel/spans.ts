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
  /** An operation and a name of which there are few, for example `chat gpt-x`. */
  name: string
  kind?: SpanKind
  attributes?: Attributes
  /** What went wrong after it was aborted went wrong because of that. */
  signal?: AbortSignal | undefined
  /** What it is a part of: what is active, unless this says otherwise. */
  parent?: Context | undefined
}

/** Runs `work` in a new span, a child of the active one or of the one that `start` names. Settles like `work`. */
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
 * The same for a generator. Its body runs in whatever context calls `next()`, and between two calls that is the reader's: so every step is made inside. A
 * reader that leaves early ends the span as `aborted`.
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

/** A span that the caller ends, and the context with it in. */
export function startSpan({
  name,
  kind = SpanKind.INTERNAL,
  attributes = {},
  parent = context.active(),
}: SpanStart): { span: Span; inside: Context } {
  // The API alone: until `startTracing` has registered a provider, this records nothing. Asked for every time: a tracer from before that might never learn of it.
  const tracer = trace.getTracer('kit/otel')
  const span = tracer.startSpan(name, { kind, attributes }, parent)
  return { span, inside: trace.setSpan(parent, span) }
}

/** Only the type: the message of an error can quote a prompt, a document or an answer. */
export function failSpan(span: Span, type: string): void {
  span.setAttribute(ATTR.errorType, type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** `rate-limit` and the like where an error has a `kind`, else its class; `aborted` or `timeout` when that is why. */
export function toErrorType(error: unknown, signal?: AbortSignal): string {
  if (signal?.aborted) return isNamed(signal.reason, 'TimeoutError') ? 'timeout' : 'aborted'
  if (!(error instanceof Error)) return '_OTHER'
  return 'kind' in error && typeof error.kind === 'string' ? error.kind : error.name
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name
}

/** Returns content attributes only if the user turned content on: prompts, answers, questions and documents can hold personal data. */
export function recordContent(content: () => Attributes): Attributes {
  const asked = process.env['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT']
  return asked?.trim().toLowerCase() === 'true' ? content() : {}
}
