import { z } from 'zod'

/** The evals end without a verdict. The message says what is wrong, the hint what to do. */
export class CannotRunError extends Error {
  override readonly name = 'CannotRunError'
  readonly hint: string
  /** 4: nothing was measured; 2: the command line is wrong; 128 + n: stopped by signal n. */
  readonly exitCode: number

  constructor(message: string, hint: string, exitCode = 4, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
    this.exitCode = exitCode
  }
}

/** Turns any thrown value into one line: JavaScript allows throwing non-errors. */
export function toErrorMessage(error: unknown): string {
  if (!(error instanceof z.ZodError))
    return error instanceof Error ? error.message || error.name : String(error)
  return error.issues
    .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
    .join('; ')
}
