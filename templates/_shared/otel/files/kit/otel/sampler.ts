import { type SpanContext, TraceFlags } from '@opentelemetry/api'
import type { Env } from '#kit/console/env'

/** Decides whether a new span is recorded. `parent`: its parent span, possibly in another process. */
export type Sampler = (traceId: string, parent: SpanContext | undefined) => boolean

/**
 * Creates the sampler that OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG select: `always_on`, `always_off`,
 * `traceidratio`, or one of them as `parentbased_…`, which decides only for traces that start here.
 */
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
  // The last 56 bits are random, and the same in every service that sees the trace.
  return (traceId) => Number.parseInt(traceId.slice(-14), 16) < ratio * 2 ** 56
}
