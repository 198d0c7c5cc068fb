import { computeMcnemar, countCasesNeeded } from '#kit/evals/mcnemar'

/** The same cases, answered before and after a change. */
export interface PairedOutcomes {
  /** The same input always gives the same answer, so that every difference is real. */
  deterministic: boolean
  /** Ids of cases that failed before and pass now. */
  gained: readonly string[]
  /** Ids of cases that passed before and fail now. */
  lost: readonly string[]
  /** Number of cases that are in both runs and unchanged. */
  paired: number
  /** Ids of critical cases that fail now. */
  critical: readonly string[]
}

export interface Decision {
  verdict: 'pass' | 'regression' | 'inconclusive'
  /** One clause, to print after the counts. */
  why: string
}

/** Chance alone is rarely the cause of a loss whose p is below this. */
const SIGNIFICANT = 0.05

/** Decides what the difference means, and says why. */
export function decideVerdict(outcomes: PairedOutcomes): Decision {
  const verdict = chooseVerdict(outcomes)
  return { verdict, why: explainVerdict(verdict, outcomes) }
}

/**
 * With deterministic answers, one lost case is a `regression` and anything else a `pass`: what was gained, and
 * critical cases that failed before as well, change nothing. With others, chance plays a part. In this order:
 * - a critical case that fails is a `regression`;
 * - a run that lost no more cases than it gained is a `pass`;
 * - a larger loss is a `regression` if chance alone rarely causes it (exact McNemar, p < 0.05), else
 *   `inconclusive`.
 */
function chooseVerdict({ deterministic, gained, lost, critical }: PairedOutcomes): Decision['verdict'] {
  if (deterministic) return lost.length > 0 ? 'regression' : 'pass'
  if (critical.length > 0) return 'regression'
  if (lost.length <= gained.length) return 'pass'
  return computeMcnemar(gained.length, lost.length) < SIGNIFICANT ? 'regression' : 'inconclusive'
}

function explainVerdict(verdict: Decision['verdict'], outcomes: PairedOutcomes): string {
  if (outcomes.deterministic) return 'the answers are deterministic, so every lost case counts'
  if (outcomes.critical.length > 0) return 'critical cases must pass'
  const counts = { gained: outcomes.gained.length, lost: outcomes.lost.length, paired: outcomes.paired }
  const test = `exact McNemar p = ${computeMcnemar(counts.gained, counts.lost).toPrecision(2)}`
  if (verdict === 'pass') return `no net loss, ${test}`
  if (verdict === 'regression') return test
  const needed = countCasesNeeded(counts)
  const advice = needed === null ? 'more cases would hardly' : `about ${needed} cases at these rates would`
  return `${test}, which may be chance; ${advice} settle it`
}
