import { type Cancelled, EXIT, type UserError } from './errors.ts'

/** Why a result is not a success: one line says what is wrong, one line what to do, and the exit code. */
export interface Problem {
  message: string
  hint: string | undefined
  exitCode: number
}

/**
 * What a command did. An expected failure, such as a gate that fails, is a `problem` next to the result, not
 * an exception.
 */
export interface Outcome<T> {
  result: T
  problem: Problem | null
}

export function succeed<T>(result: T): Outcome<T> {
  return { result, problem: null }
}

/** A result that is not a success. `exitCode` defaults to 1. */
export function failWith<T>(
  result: T,
  message: string,
  hint?: string,
  exitCode: number = EXIT.failed,
): Outcome<T> {
  return { result, problem: { message, hint, exitCode } }
}

export function toProblem({ message, hint, exitCode }: UserError | Cancelled): Problem {
  return { message, hint, exitCode }
}
