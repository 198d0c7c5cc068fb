import { createTraceState, type TextMapPropagator, TraceFlags, trace } from '@opentelemetry/api'

const TRACEPARENT =
  /^\s?(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?\s?$/

/** Reads and writes the caller's span in W3C Trace Context headers: https://www.w3.org/TR/trace-context */
export const traceContextPropagator: TextMapPropagator = {
  inject(context, carrier, setter) {
    const span = trace.getSpanContext(context)
    if (span === undefined || !trace.isSpanContextValid(span)) return
    const flags = span.traceFlags.toString(16).padStart(2, '0')
    setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-${flags}`)
    if (span.traceState) setter.set(carrier, 'tracestate', span.traceState.serialize())
  },
  extract(context, carrier, getter) {
    const found = TRACEPARENT.exec(takeFirst(getter.get(carrier, 'traceparent')))
    const [, version = '', traceId = '', spanId = '', flags = '', more] = found ?? []
    // Version 00 has exactly four parts.
    if (found === null || (version === '00' && more !== undefined)) return context
    const state = takeFirst(getter.get(carrier, 'tracestate'))
    return trace.setSpanContext(context, {
      ...{ traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true },
      ...(state !== '' && { traceState: createTraceState(state) }),
    })
  },
  fields: () => ['traceparent', 'tracestate'],
}

function takeFirst(value: undefined | string | string[]): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}
