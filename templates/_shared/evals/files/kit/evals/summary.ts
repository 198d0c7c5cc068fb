import { computeWilson95 } from '#kit/evals/wilson'
import { type CaseResult, computeMeanScore, type EvalReport } from './report.ts'

export function summariseCases(cases: readonly CaseResult[]): EvalReport['summary'] {
  const count = (wanted: CaseResult['outcome']) => cases.filter(({ outcome }) => outcome === wanted).length
  const passed = count('pass')
  const latencies = cases.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
  return {
    total: cases.length,
    passed,
    failed: count('fail'),
    errors: count('error'),
    passRate: cases.length === 0 ? 0 : passed / cases.length,
    wilson95: computeWilson95(passed, cases.length),
    meanScore: computeMeanScore(cases),
    costUsd: sumCost(cases),
    p50LatencyMs: takeNearestRank(latencies, 0.5),
    p95LatencyMs: takeNearestRank(latencies, 0.95),
  }
}

/** Sums the cost of all answers in US dollars; null if the price of any call is unknown. */
export function sumCost(cases: readonly CaseResult[]): number | null {
  const costs = cases.flatMap(({ usage, attempts }) =>
    (attempts ?? [{ usage }]).map((attempt) => attempt.usage.costUsd),
  )
  return costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0)
}

/** Nearest-rank percentile: the smallest value that at least `share` of the sorted values don't exceed. */
function takeNearestRank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}
