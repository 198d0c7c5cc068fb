import { z } from 'zod'
import type { Llm } from '#kit/llm/model'
import type { Baseline } from './baseline.ts'
import type { EvalReport, Provider } from './report.ts'

/**
 * The fields of every eval case.
 * Templates extend it: `evalCase.extend({ text: z.string() })`. Unknown keys are errors.
 */
export const evalCase = z.strictObject({
  id: z
    .string()
    .regex(/^\w[\w.:/-]*$/, 'letters, digits and . _ : / - only, starting with a letter or digit'),
  /** With a real model, a critical case must pass, whatever the statistics say. */
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
  /** One line for people: what was found, and what was expected. */
  reason: string
}

/** A passage that an answer is based on, as the evaluated program reports it. */
export interface SuiteSource {
  document: string
  text: string
}

/** A claim of an answer, and the numbers, from 1, of the sources it cites. */
export interface EvalCitation {
  claim: string
  sources: readonly number[]
}

/** An answer with its metadata; a plain string is an answer without any. */
export interface Answered {
  output: string
  sources?: readonly SuiteSource[]
  citations?: readonly EvalCitation[]
  /** Milliseconds, if measured closer to the answer than the runner can. */
  latencyMs?: number
  /** Usage, if the suite's `Llm` doesn't count it. `costUsd` null: unknown. */
  usage?: { inputTokens: number; outputTokens: number; costUsd: number | null }
}

/** The measurements of an answer. */
export interface Known {
  latencyMs: number
  /** In US dollars; null: unknown. */
  costUsd: number | null
  signal: AbortSignal
}

/** Measurements for an answer that didn't come from a run. */
export const NOT_MEASURED: Known = { latencyMs: 0, costUsd: 0, signal: new AbortController().signal }

/** What a grader can check in addition to the text. */
export interface GradingContext extends Known {
  sources: readonly SuiteSource[]
  citations: readonly EvalCitation[]
}

/** Throwing means "could not be graded": the case becomes an error, never a pass or a fail. */
export type Grader<C> = (output: string, testCase: C, context: GradingContext) => Grade | Promise<Grade>

/** A synchronous grader of the text alone. */
export type TextGrader<C> = (output: string, testCase: C) => Grade

/**
 * Compares several ways to do the same task, with `npm run eval -- --compare`.
 * For information only: the gate ignores it.
 */
export interface Comparison<C> {
  /** Names the page: `reports/<name>.md`. */
  name: string
  /** Returns the page as Markdown, with an exit code if it ends in a verdict. */
  run(cases: readonly C[], options: ComparisonOptions): Promise<string | ComparisonPage>
}

export interface ComparisonPage {
  page: string
  /** 0 pass, 1 regression, 3 inconclusive, 4 could not run. */
  exitCode: 0 | 1 | 3 | 4
}

export interface ComparisonOptions {
  /** Number of cases that run in parallel. */
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
  /** The JSON Lines file, as a path from the repo root. */
  cases: string
  /**
   * The committed baselines are `<baseline>.<provider>.json`.
   * Default `evals/baseline`. Every suite needs its own.
   */
  baseline?: string
  /** The reason why runs are only for information, and compared with no baseline. */
  ungated?: string
  /** Its answers are recorded ones, the same in every run: any lost case counts, and chance takes no part. */
  isReplay?: boolean
  /** Arguments that make `npm run eval:bless` select this suite, if it needs any. */
  blessArgs?: readonly string[]
  /** Paths from the repo root of files that belong to a case. Editing one changes the case. */
  files?(testCase: C): readonly string[]
  /**
   * Paths from the repo root of files whose hash is recorded.
   * A change is reported, but doesn't affect the verdict.
   */
  prompts: readonly string[]
  /**
   * Folders of this suite's own code, including subfolders.
   * Their hashes are recorded with those of the layer's graders or harness.
   */
  sources?: { graders: readonly string[]; harness: readonly string[] }
  /** A case passes if every grader passes; its score is their mean. */
  graders: Record<string, Grader<C>>
  /** Graders for this case, in addition to those of the suite. */
  gradersOf?(testCase: C): Record<string, Grader<C>>
  /** Input and expected answer, for the report. */
  describe?(testCase: C): { input: string; expected?: string }
  /** Formats an output as a person reads it, below the table of a run. Default: the output itself. */
  renderOutput?(output: string): string
  /**
   * How often each case is answered, to measure the share of chance.
   * A case passes if every answer passes. Default 1.
   */
  repeats?: number
  /** Time limit in milliseconds for each answer with its grading. Default 120,000. */
  caseTimeoutMs?: number
  /**
   * Called once, before the first case: builds whatever answers rest on, such as an index of the documents. Its
   * time is in no case's latency.
   */
  prepare?(signal: AbortSignal): Promise<unknown>
  /** Opens a fresh `Llm` for each answer, so that tokens and cost are counted per answer. */
  open(): Promise<Llm>
  /** `attempt` counts from 0 and is above 0 only with `repeats`. */
  answer(testCase: C, llm: Llm, signal: AbortSignal, attempt: number): Promise<string | Answered>
  /** Identifies the provider, if it isn't the `Llm` that `open` returns. */
  identity?(signal: AbortSignal): Promise<Provider>
  /** Returns further lines for the report. Called when all cases are done. */
  notes?(): readonly string[]
  /** Receives the finished report, to write other formats. Its deltas are relative to `baseline`. */
  publish?(report: EvalReport, baseline: Baseline | null): Promise<void>
  /** Returns the case's input unchanged: an answer that must not pass (`--self-test`). */
  echo(testCase: C): string | Promise<string>
  compare?: Comparison<C>
  /** Further suites of this repo, which are evaluated with this one. */
  also?: readonly SealedSuite[]
}

/** The values of the options by name; `multiple` options are lists. */
export type EvalSettings = Readonly<
  Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>

/** An alternative to a single suite: options of this repo that choose which suites run. */
export interface Choice {
  options: Readonly<Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>>
  /** Lines for --help. */
  usage: string
  /** Whether blessing requires `--reason`. */
  wantsReason: boolean
  /** Called once, before anything runs. Throws `UsageError` for settings that contradict each other. */
  choose(settings: EvalSettings, mode: Mode, world: ChoiceWorld): Promise<Chosen>
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
  /** Always called at the end, to stop what `choose` started. */
  close(): Promise<void>
}

/** A suite that hides its case type, so that suites of different cases fit into one list. */
export type SealedSuite = <R>(use: <C extends EvalCase>(suite: Suite<C>) => R) => R

export function sealSuite<C extends EvalCase>(suite: Suite<C>): SealedSuite {
  return (use) => use(suite)
}
