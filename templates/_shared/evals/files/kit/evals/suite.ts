import { z } from 'zod'
import type { Llm } from '#kit/llm/model'
import type { Baseline } from './baseline.ts'
import type { EvalReport, Provider } from './report.ts'

/** The fields of every eval case. Templates extend it: `evalCase.extend({ text: z.string() })`. Unknown keys are errors. */
export const evalCase = z.strictObject({
  id: z
    .string()
    .regex(/^\w[\w.:/-]*$/, 'letters, digits and . _ : / - only, starting with a letter or digit'),
  /** With a real model a critical case must pass, whatever the statistics say. */
  critical: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  /** Weight in the mean score. Default 1. */
  weight: z.number().positive().max(100).optional(),
})

export type EvalCase = z.infer<typeof evalCase>

export interface Grade {
  pass: boolean
  /** 0..1 */
  score: number
  /** One line for people: what was found, what was expected. */
  reason: string
}

/** A passage that an answer is based on, as its target reports it. */
export interface Source {
  document: string
  text: string
}

/** A statement of an answer and the numbers of the sources, from 1, that it names for it. */
export interface Citation {
  claim: string
  sources: readonly number[]
}

/** An answer with its metadata; a plain string is an answer without any. */
export interface Answered {
  output: string
  sources?: readonly Source[]
  citations?: readonly Citation[]
  /** Milliseconds, if measured closer to the answer than the runner can. */
  latencyMs?: number
  /** Usage that the suite's `Llm` does not know. `costUsd` null: unknown. */
  usage?: { inputTokens: number; outputTokens: number; costUsd: number | null }
}

/** What was measured of an answer. */
export interface Known {
  latencyMs: number
  /** In US dollars; null: unknown. */
  costUsd: number | null
  signal: AbortSignal
}

/** For an answer that did not come from a run. */
export const NOT_MEASURED: Known = { latencyMs: 0, costUsd: 0, signal: new AbortController().signal }

/** What a grader can check in addition to the text. */
export interface GradingContext extends Known {
  sources: readonly Source[]
  citations: readonly Citation[]
}

/** Throwing means "could not be graded": the case becomes an error, never a pass or a fail. */
export type Grader<C> = (output: string, testCase: C, context: GradingContext) => Grade | Promise<Grade>

/** A synchronous grader of the text alone. */
export type TextGrader<C> = (output: string, testCase: C) => Grade

/** Several ways to do the same, side by side, with `npm run eval -- --compare`: for information, while the gate decides. */
export interface Comparison<C> {
  /** Names the page: `reports/<name>.md`. */
  name: string
  /** Returns the page as Markdown, with an exit code if it ends in a verdict. */
  run(cases: readonly C[], options: ComparisonOptions): Promise<string | ComparisonPage>
}

export interface ComparisonPage {
  page: string
  /** 1 regression, 3 inconclusive, 4 could not run. */
  exitCode: 0 | 1 | 3 | 4
}

export interface ComparisonOptions {
  /** How many cases at a time. */
  concurrency: number
  signal: AbortSignal
  /** Prints a progress line. */
  note(line: string): void
}

/** Everything that the runner needs to know to evaluate one task. */
export interface Suite<C extends EvalCase> {
  /** Names the report: `reports/eval-<name>.json`. */
  name: string
  schema: z.ZodType<C>
  /** JSON lines file, a path from the repo root. */
  cases: string
  /** Its committed baselines are `<baseline>.<provider>.json`. Default `evals/baseline`; two suites need two. */
  baseline?: string
  /** The reason why its runs are compared with no baseline, if they are for information only. */
  ungated?: string
  /** Arguments that make `npm run eval:bless` select this suite, if it needs any. */
  blessArgs?: readonly string[]
  /** Files from the repo root that belong to a case: editing one changes the case. */
  files?(testCase: C): readonly string[]
  /** Files from the repo root whose hash is recorded. A change is reported, it decides nothing. */
  prompts: readonly string[]
  /** Folders of this suite's own code, with those in them: their hash is recorded with that of the layer's graders or harness. */
  sources?: { graders: readonly string[]; harness: readonly string[] }
  /** A case passes when every grader passes; its score is their mean. */
  graders: Record<string, Grader<C>>
  /** Requirements of this case, in addition to the suite's graders. */
  gradersOf?(testCase: C): Record<string, Grader<C>>
  /** Input and expected answer, for the report. */
  describe?(testCase: C): { input: string; expected?: string }
  /** An output as a person reads it, below the table of a run. Default: the output itself. */
  renderOutput?(output: string): string
  /** How often each case is answered, to measure the share of chance. It passes when every answer does. Default 1. */
  repeats?: number
  /** Milliseconds for one case, answer and grades together. Default 120,000. */
  caseTimeoutMs?: number
  /**
   * Called once, before the first case: whatever answers rest on, such as an index of the documents. Its time is in no
   * case's latency.
   */
  prepare?(signal: AbortSignal): Promise<unknown>
  /** A fresh `Llm` each time, so that tokens and cost are counted per case. */
  open(): Promise<Llm>
  /** `attempt` counts from 0; above that only with `repeats`. */
  answer(testCase: C, llm: Llm, signal: AbortSignal, attempt: number): Promise<string | Answered>
  /** The provider, if it is not the `Llm` that `open` returns. */
  identity?(signal: AbortSignal): Promise<Provider>
  /** Further lines about the run for its report; called when all cases are done. */
  notes?(): readonly string[]
  /** Receives the finished report, to write other formats. `baseline` is the base of its deltas. */
  publish?(report: EvalReport, baseline: Baseline | null): Promise<void>
  /** The case's input handed back unchanged: an answer that must not pass (`--self-test`). */
  echo(testCase: C): string | Promise<string>
  compare?: Comparison<C>
  /** Further suites of this repo, evaluated with this one. */
  also?: readonly SealedSuite[]
}

/** Settings by the name of their option; `multiple` options are lists. */
export type Settings = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

/** Instead of one suite with those in `also`: options of this repo's own that say which suites to run. */
export interface Choice {
  options: Readonly<Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>>
  /** Lines for --help. */
  usage: string
  /** Whether blessing requires `--reason`. */
  wantsReason: boolean
  /** Called once, before anything runs. Throws `UsageError` for settings that contradict each other. */
  choose(settings: Settings, mode: Mode, world: ChoiceWorld): Promise<Chosen>
}

export type Mode = 'gate' | 'bless' | 'self-test' | 'compare' | 'measure'

export interface ChoiceWorld {
  root: string
  env: Record<string, string | undefined>
  signal: AbortSignal
  stderr: { write(text: string): unknown }
}

export interface Chosen {
  suites: readonly SealedSuite[]
  /** Always called at the end: stops what was started. */
  close(): Promise<void>
}

/** A suite that hides its case type, so that suites of different cases fit into one list. */
export type SealedSuite = <R>(use: <C extends EvalCase>(suite: Suite<C>) => R) => R

export function sealSuite<C extends EvalCase>(suite: Suite<C>): SealedSuite {
  return (use) => use(suite)
}
