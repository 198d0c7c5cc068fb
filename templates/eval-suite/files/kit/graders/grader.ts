import { z } from 'zod'
import type { Grade, GradingContext } from '#kit/evals/suite'
import type { Judged } from '#kit/judge/voice'
import type { Json } from './json-answer.ts'

/**
 * What was asked, and the right answer: a text, a number, or what JSON should come out; undefined where the
 * case has none.
 */
export interface GradedQuestion {
  input: string
  expected?: Json | undefined
}

/** An answer, the question it answers, and what was measured on the way. */
export interface GradedAttempt extends GradedQuestion, GradingContext {
  text: string
}

/** Tools that graders share; opened on first use. */
export interface Tools {
  /**
   * A judge of one rubric, a path from the repo root. Throws a `CannotRunError` while the judge does not
   * agree with people.
   */
  judge(rubric: string): Promise<TrustedJudge>
  /** One vector per text, and the model that made them. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<{ vectors: number[][]; model: string }>
}

/** A judge of one rubric whose measured agreement with people is high enough. */
export interface TrustedJudge {
  score(judged: Judged, signal: AbortSignal): Promise<Grade>
}

/** Throwing means "could not be graded": the case becomes an error, never a pass and never a fail. */
export type Grading = (attempt: GradedAttempt, tools: Tools) => Grade | Promise<Grade>

/** A kind of grader: what a case writes to use it, and what it does. */
export interface GraderKind {
  type: string
  settings: z.ZodType
  /** Whether it falls back to the case's `expected`. */
  usesLabel: boolean
  /** Throws a `ZodError` for unknown or invalid settings. */
  bind(spec: unknown): Grading
}

const common = { name: z.string().min(1).optional() }

/**
 * Defines a kind of grader. `settings` are the keys next to `type` that a case may write; an `expected` among
 * them can stand in the grader or in the case.
 */
export function defineGrader<T extends string, S extends z.ZodRawShape>(
  type: T,
  settings: S,
  grade: (settings: z.output<z.ZodObject<S>>, attempt: GradedAttempt, tools: Tools) => Grade | Promise<Grade>,
): GraderKind {
  const own = z.object(settings)
  const whole = z.strictObject({ type: z.literal(type), ...common, ...settings })
  return {
    type,
    settings: whole,
    usesLabel: 'expected' in settings,
    bind(spec) {
      const { type: _type, name: _name, ...given } = z.looseObject({}).parse(whole.parse(spec))
      const parsed = own.parse(given)
      return (attempt, tools) => grade(parsed, attempt, tools)
    },
  }
}

/** Reads the grader's `expected`, else the case's. Throws when both are missing or the type is wrong. */
export function readLabel<T>(own: T | undefined, attempt: GradedAttempt, schema: z.ZodType<T>): T {
  if (own !== undefined) return own
  if (attempt.expected === undefined) throw new Error('neither the grader nor its case says what is expected')
  const { success, data, error } = schema.safeParse(attempt.expected)
  if (success) return data
  throw new Error(`cannot use what the case expects: ${error.issues[0]?.message}`)
}

export function pass(reason: string, score = 1): Grade {
  return { pass: true, score, reason }
}

export function fail(reason: string, score = 0): Grade {
  return { pass: false, score, reason }
}

/** Quotes a text for a reason and cuts it to one line. */
export function quote(text: string, most = 60): string {
  return JSON.stringify(text.length > most ? `${text.slice(0, most - 1)}…` : text)
}
