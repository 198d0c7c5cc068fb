/** The process's exit codes, the same for every command. */
export const EXIT = { done: 0, failed: 1, usage: 2, unmet: 3, state: 4, bug: 70 } as const

/**
 * An error that the reader can fix: one line says what is wrong, one line what to do. Any other error is a
 * bug of ours.
 */
export class UserError extends Error {
  override name = 'UserError'
  readonly hint: string | undefined
  readonly exitCode: number

  constructor(message: string, hint?: string, { exitCode = EXIT.failed as number } = {}) {
    super(message)
    this.hint = hint
    this.exitCode = exitCode
  }
}

/**
 * The request itself is wrong or incomplete: an invalid name, flag or option, or a missing answer without a
 * terminal.
 */
export class UsageError extends UserError {
  override name = 'UsageError'

  constructor(message: string, hint?: string) {
    super(message, hint, { exitCode: EXIT.usage })
  }
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

const SIGNAL_EXIT: Record<StopSignal, number> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

/** The user or the system stopped the run; `hint` says how to continue. */
export class Cancelled extends Error {
  override name = 'Cancelled'
  readonly signal: StopSignal
  readonly exitCode: number
  readonly hint: string | undefined

  constructor(signal: StopSignal, hint?: string) {
    super(signal === 'SIGINT' ? 'Cancelled' : `Stopped by ${signal}`)
    this.signal = signal
    this.exitCode = SIGNAL_EXIT[signal]
    this.hint = hint
  }
}
