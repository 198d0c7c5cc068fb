import { toPrintable } from './printable.ts'

/** The input cannot be used; nothing was sent. Exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly hint: string

  constructor(message: string, hint: string) {
    super(toPrintable(message))
    this.hint = toPrintable(hint)
  }
}

/** The command line is wrong; nothing was read or sent. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly hint: string

  constructor(message: string, hint = 'npm start -- --help lists every option.') {
    super(message)
    this.hint = hint
  }
}

/** A setting is missing or wrong; nothing was sent. Callers exit with 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

/**
 * A service that this program calls, such as a model, failed or gave no usable answer.
 * Show the message to the user of this program, never to remote clients.
 */
export abstract class UpstreamError extends Error {
  /** One word, such as `model`. */
  abstract readonly service: string
  /** The kind of failure in one word that is safe to show to remote clients, such as `timeout`. */
  abstract readonly kind: string
}
