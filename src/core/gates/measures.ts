import * as z from 'zod/mini'

/** What answering cost, next to the score; records of earlier versions have none of these fields. */
export const measureFields = {
  /** Median latency of an answer, in ms. */
  p50LatencyMs: z.optional(z.number()),
  /** US dollars of the whole run; null when a price is unknown. */
  costUsd: z.optional(z.nullable(z.number())),
}

export interface Measures {
  p50LatencyMs?: number | undefined
  costUsd?: number | null | undefined
}

/** Only the fields that the run reported, so that a record has no others. */
export function pickMeasures({ p50LatencyMs, costUsd }: Measures): Measures {
  return { ...(p50LatencyMs !== undefined && { p50LatencyMs }), ...(costUsd !== undefined && { costUsd }) }
}

/** `12 ms per answer (median), $0.0042 per run`; empty for a record without either. */
export function describeMeasures({ p50LatencyMs, costUsd }: Measures): string {
  const parts = [
    ...(p50LatencyMs === undefined ? [] : [`${formatMs(p50LatencyMs)} per answer (median)`]),
    ...(costUsd === undefined ? [] : [`${formatCost(costUsd)} per run`]),
  ]
  return parts.join(', ')
}

/** The same of two runs, where both have it: `12 ms -> 15 ms per answer (median), $0.0042 -> $0.0050 per run`. */
export function describeMeasuresChange(before: Measures, after: Measures): string {
  const latency =
    before.p50LatencyMs === undefined || after.p50LatencyMs === undefined
      ? []
      : [`${formatMs(before.p50LatencyMs)} -> ${formatMs(after.p50LatencyMs)} per answer (median)`]
  const cost =
    before.costUsd === undefined || after.costUsd === undefined
      ? []
      : [`${formatCost(before.costUsd)} -> ${formatCost(after.costUsd)} per run`]
  return [...latency, ...cost].join(', ')
}

function formatMs(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

function formatCost(costUsd: number | null): string {
  if (costUsd === null) return 'an unknown price'
  if (costUsd === 0) return '$0'
  return costUsd < 0.0001 ? 'less than $0.0001' : `$${costUsd.toFixed(4)}`
}

/** The name of a model, for a reader who does not know what our heuristic is. */
export function nameModel(model: string): string {
  return model === 'heuristic' ? 'rules, no language model' : model
}
