import { computeMcnemar } from '../../../templates/_shared/evals/files/kit/evals/mcnemar.ts'
import { describeDelta } from './eval-report.ts'

/** One change, measured before and after on the same cases. */
interface Measured {
  name: string
  suite: string
  paired: number
  before: number
  after: number
  fixed: string[]
  regressed: string[]
  models: { before: string; after: string }
}

export interface Change extends Measured {
  /** Two-sided exact p of McNemar's test: how often chance alone would change at least as many cases. */
  p: number
}

/** Reads the evidence of an `eval-delta` gate. */
export function toChange({ name, suite, paired, before, after, fixed, regressed, models }: Measured): Change {
  const p = computeMcnemar(fixed.length, regressed.length)
  const { before: from, after: to } = models
  return { name, suite, paired, before, after, fixed, regressed, models: { before: from, after: to }, p }
}

/** `14/20 -> 18/20, 5 fixed, 1 regressed, same 20 cases`. */
export function describeChange(change: Change): string {
  return `${describeDelta(change)}, same ${change.paired} cases`
}

/** Whether the change is distinguishable from chance, in a few words. */
export function describeChance({ p, fixed, regressed }: Change): string {
  if (fixed.length + regressed.length === 0) return 'No case changed'
  const shown = p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`
  return p < 0.05 ? `Exact McNemar ${shown}` : `Exact McNemar ${shown}: it may be chance`
}
