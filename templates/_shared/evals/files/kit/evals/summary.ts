import { wilson95 } from '#kit/evals/wilson'
import { type CaseResult, type EvalReport, meanScore } from './report.ts'

export function summarise(cases: readonly CaseResult[]): EvalReport['summary'] {
  const count = (wanted: CaseResult['outcome']) => cases.filter(({ outcome }) => outcome === wanted).length
  const passed = count('pass')
  const latencies = cases.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
  return {
    total: cases.length,
    passed,
    failed: count('fail'),
    errors: count('error'),
    passRate: cases.length === 0 ? 0 : passed / cases.length,
    wilson95: wilson95(passed, cases.length),
    meanScore: meanScore(cases),
    costUsd: totalCost(cases),
    p50LatencyMs: nearestRank(latencies, 0.5),
    p95LatencyMs: nearestRank(latencies, 0.95),
  }
}

/** US dollars, or null when the price of any call is unknown. */
export function totalCost(cases: readonly CaseResult[]): number | null {
  const costs = cases.flatMap(({ usage, attempts }) =>
    (attempts ?? [{ usage }]).map((attempt) => attempt.usage.costUsd),
  )
  return costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0)
}

/** The smallest value that at least this share of the (sorted) values does not exceed. */
function nearestRank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}
