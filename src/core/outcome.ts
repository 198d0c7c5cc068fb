import { type Cancelled, EXIT, type UserError } from './errors.ts'

/** Why a result is not enough, for the reader: one line what, one line what to do, and the exit code. */
export interface Problem {
  message: string
  hint: string | undefined
  exitCode: number
}

/** What a command did. An expected end that is no success, such as an unmet gate, is a `problem` next to the result, not an exception. */
export interface Outcome<T> {
  result: T
  problem: Problem | null
}

export function succeed<T>(result: T): Outcome<T> {
  return { result, problem: null }
}

/** A result that is not enough. `exitCode` is that of a failure unless it is given. */
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
