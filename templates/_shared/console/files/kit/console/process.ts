import type { Readable, Writable } from 'node:stream'
import type { Env } from './env.ts'
import { ConfigError, InputError, UsageError } from './errors.ts'
import { toPrintable } from './printable.ts'
import { type CaughtSignal, catchSignals } from './signals.ts'

/** The parts of the process that a command uses. Tests pass their own. */
export interface Io {
  env: Env
  directory: string
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable & { isTTY?: boolean }
  stderr: Writable & { isTTY?: boolean }
  /**
   * Aborted by Ctrl-C, by SIGTERM, or when stdout can't be written, for example because its reader closed it.
   */
  signal: AbortSignal
}

const EXIT_BY_SIGNAL: Record<CaughtSignal, number> = { SIGINT: 130, SIGTERM: 143 }

/**
 * Runs a command.
 * If it throws, prints the error and its hint to stderr and sets the exit code: 2 for `UsageError`,
 * `InputError` and `ConfigError`, 130 or 143 after a signal, 0 if the reader closed stdout, else 1.
 */
export async function runMain(command: (args: readonly string[], io: Io) => Promise<void>): Promise<void> {
  const controller = new AbortController()
  let stoppedBy: CaughtSignal | undefined
  catchSignals((signal) => {
    stoppedBy = signal
    controller.abort(new Error(`Stopped by ${signal}`))
  })
  // A closed pipe must not crash the process with a stack trace: the abort stops the model, and the command
  // can still report its usage.
  let readerLeft = false
  let unwritable: Error | undefined
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') readerLeft = true
    else unwritable = new UnwritableError(error.message)
    controller.abort(new Error('The reader of the output has closed it'))
  })
  process.stderr.on('error', () => {})
  try {
    await command(process.argv.slice(2), { ...process, directory: process.cwd(), signal: controller.signal })
  } catch (error) {
    // A reader that closes the pipe, such as `head`, has read all it wanted.
    process.exitCode = stoppedBy ? EXIT_BY_SIGNAL[stoppedBy] : readerLeft ? 0 : report(unwritable ?? error)
  }
}

/**
 * stdout can't be written, for example because the disk is full.
 * A truncated output must not pass for a complete one.
 */
class UnwritableError extends Error {
  readonly hint = 'Check its target: the disk may be full.'

  constructor(reason: string) {
    super(`The output cannot be written: ${reason}`)
  }
}

/** Prints the error and returns its exit code; prints a stack only for an unexpected error. */
function report(error: unknown): number {
  const hint = error instanceof Error && 'hint' in error ? `\n${error.hint}` : ''
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(toPrintable(`Error: ${message}${hint}\n`))
  if (error instanceof UsageError || error instanceof InputError || error instanceof ConfigError) return 2
  // An error with a hint is an expected one.
  if (error instanceof Error && !('hint' in error)) process.stderr.write(toPrintable(`${error.stack}\n`))
  return 1
}

/**
 * Resolves when the stream has accepted the text, so that a slow reader slows the model down
 * instead of filling memory.
 */
export function write(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

/** Prints a message to stderr, because stdout is for the result. */
export function note({ stderr }: Io, line: string): void {
  stderr.write(`${toPrintable(line)}\n`)
}
