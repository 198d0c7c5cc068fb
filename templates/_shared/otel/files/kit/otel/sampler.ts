import { type SpanContext, TraceFlags } from '@opentelemetry/api'
import type { Env } from '#kit/console/env'

/** Whether a new span is recorded; `parent`: the span that it is below, also one of another process. */
export type Sampler = (traceId: string, parent: SpanContext | undefined) => boolean

/** What OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG ask for: `always_on`, `always_off`, `traceidratio`, or each of them as `parentbased_…`, which only decides for traces that start here. */
export function createSampler(env: Env): Sampler {
  const name = env.OTEL_TRACES_SAMPLER?.trim() || 'parentbased_always_on'
  const isRootSampled = createRootSampler(name.replace('parentbased_', ''), env.OTEL_TRACES_SAMPLER_ARG)
  if (!name.startsWith('parentbased_')) return isRootSampled
  return (traceId, parent) =>
    parent ? (parent.traceFlags & TraceFlags.SAMPLED) !== 0 : isRootSampled(traceId)
}

function createRootSampler(name: string, argument = ''): (traceId: string) => boolean {
  if (name === 'always_off') return () => false
  const ratio = Number(argument.trim() || 1)
  if (name !== 'traceidratio' || !(ratio >= 0 && ratio <= 1)) return () => true
  // The last 56 bits are random, and the same for every service that sees the trace.
  return (traceId) => Number.parseInt(traceId.slice(-14), 16) < ratio * 2 ** 56
}
