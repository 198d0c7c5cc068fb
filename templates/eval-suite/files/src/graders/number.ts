import { z } from 'zod'
import type { Grade } from '#kit/evals/suite'
import { defineGrader, fail, pass, readLabel } from '#kit/graders/grader'
import { findNumberMentions } from '#kit/values/numbers'

const settings = {
  /** How far off the number may be, in its own unit. */
  tolerance: z.number().min(0).default(0),
  /** How far off it may be, as a share of the expected number. */
  relative: z.number().min(0).max(1).default(0),
  /** Which number of the answer counts. People end with the result. */
  which: z.enum(['last', 'first', 'only']).default('last'),
}

/** The number that an answer gives is the expected one, or near enough. */
export const number = defineGrader(
  'number',
  { expected: z.number().optional(), ...settings },
  ({ expected, ...leeway }, attempt) =>
    gradeNumber(attempt.text, readLabel(expected, attempt, z.number()), leeway),
)

/**
 * Passes (score 1) when the number of the answer that `which` names is `want`, off by at most `tolerance` or
 * `relative` times `want`, whichever is more; what floating point adds counts as nothing, so 44.1 is within 5%
 * of 42. Fails (score 0) when it is farther off or not finite, when the answer has no number, and when it has
 * several and only one is allowed. The reason names the number found, if there is one, and `want`.
 */
function gradeNumber(
  answer: string,
  want: number,
  { tolerance, relative, which }: z.output<z.ZodObject<typeof settings>>,
): Grade {
  const found = findNumbers(answer, want)
  if (found.length === 0) return fail(`no number, wanted ${want}`)
  if (which === 'only' && found.length > 1) return fail(`${found.length} numbers, wanted only ${want}`)
  const got = which === 'last' ? found.at(-1) : found[0]
  const allowed = Math.max(tolerance, relative * Math.abs(want))
  const isNear =
    got !== undefined && Number.isFinite(got) && Math.abs(got - want) <= allowed + computeRounding(want)
  const within = allowed > 0 ? ` within ${allowed}` : ''
  return isNear ? pass(`${got}, wanted ${want}${within}`) : fail(`${got}, wanted ${want}${within}`)
}

/** Computes the rounding error to allow: in floating point, 44.1 is not exactly 5% above 42. */
function computeRounding(want: number): number {
  return 4 * Number.EPSILON * Math.abs(want)
}

/**
 * Finds the numbers in order, as any country writes them. One that can be read in two ways, such as 1.234, counts as the
 * reading nearest to `want`: what is graded is the answer, not the way it is written.
 */
function findNumbers(text: string, want: number): number[] {
  return findNumberMentions(text).map(({ readings }) =>
    readings.reduce((best, reading) => (Math.abs(reading - want) < Math.abs(best - want) ? reading : best)),
  )
}
