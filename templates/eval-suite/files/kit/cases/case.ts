import type * as z from 'zod'
import type { EvalCase } from '#kit/evals/suite'
import type { Json } from '#kit/graders/json-answer'
import type { GraderSpec } from '#kit/graders/registry'

/** What the kit needs to know of a case. */
export interface SuiteCase extends EvalCase {
  input: string
  files?: string[] | undefined
  expected?: Json | undefined
  graders: GraderSpec[]
}

/** What the tools for files of cases need to know of this repo. */
export interface CaseRules {
  schema: z.ZodType<SuiteCase>
  /** Whether a grader compares with the case's `expected`. */
  needsLabel(grader: GraderSpec): boolean
}

/** The expected answer as a reader sees it. */
export function formatExpected({ expected }: SuiteCase): string | undefined {
  if (expected === undefined) return undefined
  return typeof expected === 'string' ? expected : JSON.stringify(expected)
}
