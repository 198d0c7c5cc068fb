import { z } from 'zod'
import { regex as matches } from '#kit/evals/graders'
import { defineGrader } from './grader.ts'
import { limitTime } from './time-limit.ts'

const MOST_MS = 1_000

const pattern = z.string().min(1)
const flags = z
  .string()
  .regex(/^[imsu]*$/, 'only the flags i, m, s and u')
  .default('')

/**
 * The pattern matches somewhere in the answer; with `absent`, nowhere. One that takes longer than a second is
 * an error.
 */
export const regex = defineGrader(
  'regex',
  {
    pattern: pattern.refine(canCompile, 'not a regular expression'),
    flags,
    absent: z.boolean().default(false),
  },
  ({ pattern, flags, absent }, attempt) => {
    const grade = matches({ pattern: new RegExp(pattern, flags), absent })
    return limitTime(MOST_MS, () => grade(attempt.text, attempt))
  },
)

function canCompile(source: string): boolean {
  try {
    // Some patterns are right with `u` only, others without it only; the flags are checked when it is used.
    return new RegExp(source) !== null
  } catch {
    return false
  }
}
