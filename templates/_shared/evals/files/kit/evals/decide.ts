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

const SIGNIFICANT = 0.05

/**
 * Decides what the difference means.
 * With deterministic answers, one lost case is a regression, whatever was gained. With others, chance plays a
 * part: critical cases must pass, a run that lost no more cases than it gained passes, and a larger loss is a
 * regression only if chance alone rarely causes it (exact McNemar, p < 0.05), else inconclusive.
 */
export function decideVerdict({ deterministic, gained, lost, paired, critical }: PairedOutcomes): Decision {
  if (deterministic) {
    const why = 'the answers are deterministic, so every lost case counts'
    return { verdict: lost.length > 0 ? 'regression' : 'pass', why }
  }
  if (critical.length > 0) return { verdict: 'regression', why: 'critical cases must pass' }
  const p = computeMcnemar(gained.length, lost.length)
  const test = `exact McNemar p = ${p.toPrecision(2)}`
  if (lost.length <= gained.length) return { verdict: 'pass', why: `no net loss, ${test}` }
  if (p < SIGNIFICANT) return { verdict: 'regression', why: test }
  const needed = countCasesNeeded({ gained: gained.length, lost: lost.length, paired })
  const advice = needed === null ? 'more cases would hardly' : `about ${needed} cases at these rates would`
  return { verdict: 'inconclusive', why: `${test}, which may be chance; ${advice} settle it` }
}
