import { randomBytes } from 'node:crypto'
import {
  type Context,
  context,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { RecordedSpan } from './recorded-span.ts'
import type { Sampler } from './sampler.ts'

/**
 * Creates tracers for OpenTelemetry's API. `isSampled` decides at a span's start whether it is recorded;
 * `onEnd` receives each recorded span when it ends.
 */
export function createTracerProvider(
  isSampled: Sampler,
  onEnd: (span: RecordedSpan, scope: string) => void,
): TracerProvider {
  return { getTracer: (name) => new OurTracer(isSampled, (span) => onEnd(span, name)) }
}

type Work = (span: Span) => unknown

class OurTracer implements Tracer {
  readonly #isSampled: Sampler
  readonly #onEnd: (span: RecordedSpan) => void

  constructor(isSampled: Sampler, onEnd: (span: RecordedSpan) => void) {
    this.#isSampled = isSampled
    this.#onEnd = onEnd
  }

  startSpan(name: string, options: SpanOptions = {}, around: Context = context.active()): Span {
    const parent = options.root ? undefined : getValidParent(around)
    const traceId = parent?.traceId ?? randomBytes(16).toString('hex')
    const isSampled = this.#isSampled(traceId, parent)
    const spanContext: SpanContext = {
      traceId,
      spanId: randomBytes(8).toString('hex'),
      traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      ...(parent?.traceState && { traceState: parent.traceState }),
    }
    if (!isSampled) return trace.wrapSpanContext(spanContext)
    const { kind = SpanKind.INTERNAL, attributes = {}, links = [], startTime } = options
    const beginning = { name, kind, attributes, links, startTime, spanContext, parentSpanId: parent?.spanId }
    return new RecordedSpan(beginning, this.#onEnd)
  }

  startActiveSpan<F extends Work>(name: string, work: F): ReturnType<F>
  startActiveSpan<F extends Work>(name: string, options: SpanOptions, work: F): ReturnType<F>
  startActiveSpan<F extends Work>(name: string, options: SpanOptions, around: Context, work: F): ReturnType<F>
  startActiveSpan<F extends Work>(name: string, ...rest: (SpanOptions | Context | F)[]): ReturnType<F> {
    const work = rest.at(-1) as F
    const [options = {}, around = context.active()] = rest.slice(0, -1) as [SpanOptions?, Context?]
    const span = this.startSpan(name, options, around)
    return context.with(trace.setSpan(around, span), () => work(span) as ReturnType<F>)
  }
}

function getValidParent(around: Context): SpanContext | undefined {
  const parent = trace.getSpanContext(around)
  return parent && trace.isSpanContextValid(parent) ? parent : undefined
}
