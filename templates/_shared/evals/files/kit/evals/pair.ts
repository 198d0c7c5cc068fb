import type { Baseline } from '#kit/evals/baseline'
import { type CaseResult, computeMeanScore, type Gate, roundScore } from '#kit/evals/report'

/** The differences between a run and a baseline. Lists hold case ids. */
export interface Changes extends Pick<Gate, 'gained' | 'lost' | 'unblessed' | 'delta'> {
  /** In the baseline, but not in the run. */
  removed: string[]
  /** In both under one id, but the case was edited. */
  changed: string[]
}

/**
 * Pairs the cases of a run with those of a baseline, by id and content. `lost` passed then and fails now,
 * `gained` the reverse. Cases that were edited, or couldn't be graded, are in no pair.
 */
export function pairCases(cases: readonly CaseResult[], baseline: Baseline['cases']): Changes {
  const before = new Map(baseline.map((result) => [result.id, result]))
  const ids = new Set(cases.map(({ id }) => id))
  const known = cases.flatMap((now) => {
    const was = before.get(now.id)
    return was === undefined ? [] : [{ id: now.id, now, was, isSame: now.caseHash === was.caseHash }]
  })
  const paired = known.filter(({ now, isSame }) => isSame && isScored(now))
  const listMoves = (was: string, now: string) =>
    paired.filter((pair) => pair.was.outcome === was && pair.now.outcome === now).map(({ id }) => id)
  const [gained, lost] = [listMoves('fail', 'pass'), listMoves('pass', 'fail')]
  const mean = (when: 'now' | 'was') => computeMeanScore(paired.map((pair) => pair[when])) ?? 0
  const scoreDelta = roundScore(mean('now') - mean('was'))
  const delta = { paired: paired.length, passed: gained.length - lost.length, meanScore: scoreDelta }
  return {
    ...{ gained, lost, delta: paired.length === 0 ? null : delta },
    unblessed: cases.filter(({ id }) => !before.has(id)).map(({ id }) => id),
    removed: baseline.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
    changed: known.filter(({ isSame }) => !isSame).map(({ id }) => id),
  }
}

/** Returns whether the case was graded with a score in 0..1. */
export function isScored({ outcome, score }: CaseResult): boolean {
  return outcome !== 'error' && score !== null && score >= 0 && score <= 1
}
