import { createInterface } from 'node:readline/promises'
import { UsageError } from './errors.ts'
import { type Io, note } from './process.ts'

/** Handles one line. Returns false when the conversation is over. */
export type HandleLine = (line: string, signal: AbortSignal) => Promise<boolean>

/** The abort reason when Ctrl-C stops an answer. */
export class Stopped extends Error {
  override readonly message = 'stopped; this turn is not kept'
}

/**
 * Runs a conversation on a terminal, or answers each line of a pipe, until `handle` returns false or the
 * input ends. On a terminal, Ctrl-C stops the current answer, or leaves at the prompt; a failure is printed
 * and the question can be asked again. With a pipe, the first failure is thrown, because no user is there to
 * see it. Throws the reason of `io.signal` when aborted.
 */
export async function runConversation(io: Io, handle: HandleLine): Promise<void> {
  const isTerminal = io.stdin.isTTY === true && io.stderr.isTTY === true
  const screen = isTerminal ? { output: io.stderr, terminal: true, prompt: '> ' } : {}
  const lines = createInterface({ input: io.stdin, ...screen })
  const close = () => lines.close()
  let answering: AbortController | undefined
  let isOpen = true
  lines.on('close', () => {
    isOpen = false
  })
  lines.on('SIGINT', () => (answering ? answering.abort(new Stopped()) : close()))
  io.signal.addEventListener('abort', close, { once: true })
  try {
    if (isTerminal) lines.prompt()
    for await (const line of lines) {
      answering = new AbortController()
      const turn =
        line.trim() === '' ? true : handle(line.trim(), AbortSignal.any([answering.signal, io.signal]))
      const goOn = await (isTerminal
        ? Promise.resolve(turn).catch((error: unknown) => showFailure(error, io))
        : turn)
      answering = undefined
      if (!goOn) break
      // After Ctrl-D, prompting would reopen stdin and wait forever.
      if (isTerminal && isOpen) lines.prompt()
    }
  } finally {
    close()
    if (isTerminal) note(io, '')
    io.signal.removeEventListener('abort', close)
  }
  io.signal.throwIfAborted()
}

/**
 * Prints an expected failure and returns true, to continue.
 * Rethrows an unexpected error, or any error after an abort.
 */
function showFailure(error: unknown, io: Io): boolean {
  // An error with a hint is an expected one.
  const isForeseen = error instanceof Error && (error instanceof Stopped || 'hint' in error)
  if (io.signal.aborted || !isForeseen) throw error
  const hint = 'hint' in error ? `\n${error.hint}` : ''
  // The answer may have stopped in the middle of a line.
  const start = error instanceof UsageError ? '' : '\n'
  note(io, `${start}${error.message}${hint}`)
  return true
}
