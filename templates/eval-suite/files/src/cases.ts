import * as z from 'zod'
import type { SuiteCase } from '#kit/cases/case'
import { evalCase } from '#kit/evals/suite'
import { graderSpec } from './graders/registry.ts'

/** One line of a file of cases. */
export const suiteCase: z.ZodType<SuiteCase> = evalCase.extend({
  /** The question. */
  input: z.string().min(1),
  /**
   * Files from the root of the repo that the question is about, for targets that have no documents
   * themselves.
   */
  files: z
    .array(z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/, 'a path from the root of the repo'))
    .optional(),
  /** The right answer: what graders compare with, and what a reader of the report sees. */
  expected: z.json().optional(),
  graders: z.array(graderSpec).min(1, 'without a grader every answer would pass'),
})
