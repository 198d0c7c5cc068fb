import * as z from 'zod'
import { evalCase } from '#kit/evals/suite'
import { graderSpec } from '../graders/registry.ts'

/** One line of a file of cases. */
export const suiteCase = evalCase.extend({
  /** What is asked. */
  input: z.string().min(1),
  /** Files from the root of the repo that the question is about, for targets that have no documents of their own. */
  files: z
    .array(z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/, 'a path from the root of the repo'))
    .optional(),
  /** The right answer: what graders compare with, and what a reader of the report sees. */
  expected: z.json().optional(),
  graders: z.array(graderSpec).min(1, 'without a grader every answer would pass'),
})
export type SuiteCase = z.infer<typeof suiteCase>

/** The expected answer as a reader sees it. */
export function expectedText({ expected }: SuiteCase): string | undefined {
  if (expected === undefined) return undefined
  return typeof expected === 'string' ? expected : JSON.stringify(expected)
}
