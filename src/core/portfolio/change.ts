import * as z from 'zod/mini'
import { mcnemarExact } from '../../../templates/_shared/evals/files/kit/evals/mcnemar.ts'
import { deltaText } from '../gates/evals.ts'

/** What the evidence of an `eval-delta` gate holds. */
const changeData = z.looseObject({
  name: z.string(),
  suite: z.string(),
  paired: z.int(),
  before: z.int(),
  after: z.int(),
  fixed: z.array(z.string()),
  regressed: z.array(z.string()),
  models: z.looseObject({ before: z.string(), after: z.string() }),
})

/** One change that was measured before and after, over the same cases. */
export interface Change {
  name: string
  suite: string
  paired: number
  before: number
  after: number
  fixed: string[]
  regressed: string[]
  models: { before: string; after: string }
  /** Two-sided exact p of McNemar's test: how often chance alone would change at least this much. */
  p: number
}

/** Null when the evidence is not of that form. */
export function changeOf(data: unknown): Change | null {
  const parsed = changeData.safeParse(data).data
  if (!parsed) return null
  const { name, suite, paired, before, after, fixed, regressed, models } = parsed
  const p = mcnemarExact(fixed.length, regressed.length)
  return { name, suite, paired, before, after, fixed, regressed, models: { ...models }, p }
}

/** `14/20 -> 18/20, 5 fixed, 1 regressed, same 20 cases`. */
export function changeText(change: Change): string {
  return `${deltaText(change)}, same ${change.paired} cases`
}

/** Whether the change can be told from chance, in a few words. */
export function chanceText({ p, fixed, regressed }: Change): string {
  if (fixed.length + regressed.length === 0) return 'No case changed'
  const shown = p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`
  return p < 0.05 ? `Exact McNemar ${shown}` : `Exact McNemar ${shown}: it may be chance`
}
