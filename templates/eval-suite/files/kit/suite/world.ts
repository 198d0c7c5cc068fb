import type { Answering } from '#kit/answers/answering'
import type { SuiteCase } from '#kit/cases/case'
import type { Suite } from '#kit/evals/suite'
import type { Tools } from '#kit/graders/grader'
import type { Voice } from '#kit/judge/voice'
import type { World } from '#kit/targets/open'
import type { TargetSpec } from '#kit/targets/spec'

/** What `src/` brings to a run: the case and its graders, the judge, the prompt. */
export interface Lesson {
  buildSuite(settings: SuiteSettings, parts: Parts): Suite<SuiteCase>
  trustJudges(options: JudgeOptions): Tools['judge']
  openPrompt: World['openPrompt']
}

export interface SuiteSettings {
  /** Names the reports. */
  name: string
  cases: string
  /** Path of its baselines, without `.<provider>.json`. */
  baseline: string
  prompts: readonly string[]
  timeoutSeconds: number
  repeats: number
  blessArgs: readonly string[]
  isReplay?: boolean
  ungated?: string
}

export interface Parts {
  root: string
  answering: Answering
  tools: GradingTools
  /** Runs when a whole run has ended, with whatever verdict. */
  onFinished(result: { errors: number }): Promise<void>
}

export interface JudgeOptions {
  root: string
  voice: Voice
  concurrency: number
  signal: AbortSignal
  /** Gets the agreement with people before any score exists. */
  note(line: string): void
}

export interface GradingTools extends Tools {
  /**
   * Measures the judge by these rubrics, before anything else is asked or paid for, and gives its name.
   * Throws a `CannotRunError` while it is not to be trusted.
   */
  readyJudge(rubrics: Iterable<string>): Promise<string>
  /** Lines for the report about the judge: its agreement with people, and its usage. */
  notes(): readonly string[]
  /** Saves the judge's verdicts for runs without a key. Does nothing when no grader used the judge. */
  saveVerdicts(path: string): Promise<void>
}

export interface SuiteWorld extends World {
  lesson: Lesson
}

export interface NamedTarget {
  name: string
  spec: TargetSpec
  /** The value of `--target`; null without one. */
  given: string | null
  /** Its baselines are `evals/baseline.<provider>.json`, those of others have its name in front. */
  isDefault: boolean
}

/** A suite, and a `close` that stops everything it started. */
export interface OpenSuite {
  suite: Suite<SuiteCase>
  close(): Promise<void>
}
