import type { Attributes, AttributeValue, SpanContext } from '@opentelemetry/api'
import type { RecordedSpan } from './recorded-span.ts'

export interface Ended {
  span: RecordedSpan
  /** The name of the tracer. */
  scope: string
}

/**
 * Encodes spans as OTLP/JSON: https://opentelemetry.io/docs/specs/otlp. `maxLength`: how many characters of a
 * text value are sent.
 */
export function toOtlp(ended: readonly Ended[], resource: Attributes, maxLength: number): string {
  const scopes = [...new Set(ended.map(({ scope }) => scope))]
  const scopeSpans = scopes.map((name) => ({
    scope: { name },
    spans: ended.filter(({ scope }) => scope === name).map(({ span }) => toOtlpSpan(span, maxLength)),
  }))
  const resourceSpans = [{ resource: { attributes: toPairs(resource, maxLength) }, scopeSpans }]
  return JSON.stringify({ resourceSpans })
}

function toOtlpSpan(span: RecordedSpan, maxLength: number) {
  return {
    ...toIds(span.spanContext()),
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind + 1, // the API counts from 0, where the protocol has "unspecified"
    startTimeUnixNano: toNanoseconds(span.startedAt),
    endTimeUnixNano: toNanoseconds(span.endedAt ?? span.startedAt),
    attributes: toPairs(span.attributes, maxLength),
    events: span.events.map(({ name, at, attributes }) => ({
      ...{ name, timeUnixNano: toNanoseconds(at), attributes: toPairs(attributes, maxLength) },
    })),
    links: span.links.map(({ context, attributes = {} }) => ({
      ...toIds(context),
      attributes: toPairs(attributes, maxLength),
    })),
    status: span.status,
  }
}

function toIds({ traceId, spanId, traceState }: SpanContext) {
  return { traceId, spanId, traceState: traceState?.serialize() }
}

/** Returns a string, because a number would lose the last digits. */
function toNanoseconds(ms: number): string {
  return `${BigInt(Math.round(ms * 1e3)) * 1_000n}`
}

function toPairs(attributes: Attributes, maxLength: number) {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: toValue(value, maxLength) }],
  )
}

function toValue(value: AttributeValue | null | undefined, maxLength: number): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map((one) => toValue(one, maxLength)) } }
  if (typeof value === 'string') return { stringValue: value.slice(0, maxLength) }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: value } : { doubleValue: value }
  return {}
}
