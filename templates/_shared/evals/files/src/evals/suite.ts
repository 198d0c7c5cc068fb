import { z } from 'zod'
import type { Llm } from '../llm/model.ts'

/** What every eval case has. Templates extend it: `evalCase.extend({ text: z.string() })`. Unknown keys are errors. */
export const evalCase = z.strictObject({
  id: z
    .string()
    .regex(/^\w[\w.:/-]*$/, 'letters, digits and . _ : / - only, starting with a letter or digit'),
  /** With a real model a critical case must pass, whatever the statistics say. */
  critical: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
})

export type EvalCase = z.infer<typeof evalCase>

export interface Grade {
  pass: boolean
  /** 0..1 */
  score: number
  /** One line for a human: what was found, what was wanted. */
  reason: string
}

/** Throwing means "could not be graded": the case becomes an error, never a pass or a fail. */
export type Grader<C> = (output: string, testCase: C) => Grade | Promise<Grade>

/** Several ways to do the same, side by side, with `npm run eval -- --compare`: to look at, while the gate decides. */
export interface Comparison<C> {
  /** Names the page: `reports/<name>.md`. */
  name: string
  /** Gives the page, as Markdown. */
  run(cases: readonly C[], options: ComparisonOptions): Promise<string>
}

export interface ComparisonOptions {
  /** How many cases at a time. */
  concurrency: number
  signal: AbortSignal
  /** A line for the people who wait. */
  note(line: string): void
}

/** All that the runner needs to know about one thing that can be evaluated. */
export interface Suite<C extends EvalCase> {
  /** Names the report: `reports/eval-<name>.json`. */
  name: string
  schema: z.ZodType<C>
  /** JSON lines file, a path from the repo root. */
  cases: string
  /** Its committed baselines are `<baseline>.<provider>.json`. Default `evals/baseline`; two suites need two. */
  baseline?: string
  /** Files from the repo root that belong to a case: editing one changes the case. */
  files?(testCase: C): readonly string[]
  /** Files from the repo root whose hash is recorded. A change is reported, it decides nothing. */
  prompts: readonly string[]
  /** A case passes when every grader passes; its score is their mean. */
  graders: Record<string, Grader<C>>
  /** Milliseconds for one case, answer and grades together. Default 120,000. */
  caseTimeoutMs?: number
  /** A fresh `Llm` each time, so that tokens and cost are counted per case. */
  open(): Promise<Llm>
  answer(testCase: C, llm: Llm, signal: AbortSignal): Promise<string>
  /** The case's input handed back unchanged: an answer that must not pass (`--self-test`). */
  echo(testCase: C): string | Promise<string>
  compare?: Comparison<C>
  /** Further suites of this repo, evaluated with this one. */
  also?: readonly SealedSuite[]
}

/** A suite whose kind of case is nobody else's business, so that suites of different cases fit into one list. */
export type SealedSuite = <R>(use: <C extends EvalCase>(suite: Suite<C>) => R) => R

export function sealed<C extends EvalCase>(suite: Suite<C>): SealedSuite {
  return (use) => use(suite)
}
