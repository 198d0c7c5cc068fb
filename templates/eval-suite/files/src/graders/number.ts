import { z } from 'zod'
import { defineGrader, fail, pass, readLabel } from '#kit/graders/grader'

const NUMBER = /(?<![\p{L}\d.,])[-+−]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:e[-+]?\d{1,3})?/giu

/**
 * The number that an answer gives is the expected one, within `tolerance` (in its own unit) or `relative` (a
 * share of it), whichever allows more. Which number of the answer counts: the `last` one, as people end with
 * the result, the `first`, or the `only` one.
 */
export const number = defineGrader(
  'number',
  {
    expected: z.number().optional(),
    tolerance: z.number().min(0).default(0),
    relative: z.number().min(0).max(1).default(0),
    which: z.enum(['last', 'first', 'only']).default('last'),
  },
  ({ expected, tolerance, relative, which }, attempt) => {
    const want = readLabel(expected, attempt, z.number())
    const found = findNumbers(attempt.text)
    if (found.length === 0) return fail(`no number, wanted ${want}`)
    if (which === 'only' && found.length > 1) return fail(`${found.length} numbers, wanted only ${want}`)
    const got = which === 'last' ? found.at(-1) : found[0]
    const allowed = Math.max(tolerance, relative * Math.abs(want))
    const isNear =
      got !== undefined && Number.isFinite(got) && Math.abs(got - want) <= allowed + computeRounding(want)
    const within = allowed > 0 ? ` within ${allowed}` : ''
    return isNear ? pass(`${got}, wanted ${want}${within}`) : fail(`${got}, wanted ${want}${within}`)
  },
)

/** Computes the rounding error to allow: in floating point, 44.1 is not exactly 5% above 42. */
function computeRounding(want: number): number {
  return 4 * Number.EPSILON * Math.abs(want)
}

/** Finds the numbers in order; commas group thousands. */
function findNumbers(text: string): number[] {
  return (text.match(NUMBER) ?? []).map((digits) => Number(digits.replaceAll(',', '').replace('−', '-')))
}
