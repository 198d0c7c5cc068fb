import { printableText } from './printable.ts'

/** The input cannot be used; nothing was sent. Exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly hint: string

  constructor(message: string, hint: string) {
    super(printableText(message))
    this.hint = printableText(hint)
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
