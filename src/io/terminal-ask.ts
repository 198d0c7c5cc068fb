import { select, text } from '@clack/prompts'
import { Cancelled, UserError } from '../core/errors.ts'
import { type Ask, BACK, type Back } from './ask.ts'

/**
 * Asks on the terminal, on stderr, so that stdout carries only results. `signal` is aborted with a
 * `Cancelled` as its reason.
 */
export function makeTerminalAsk(signal: AbortSignal): Ask {
  const on = { output: process.stderr, signal }
  return {
    choose(message, choices, initial) {
      const options = choices.map(({ value, label, hint }) => ({ value, label, ...(hint && { hint }) }))
      const more = initial !== undefined && { initialValue: initial }
      return awaitAnswer(() => select({ message, options, ...on, ...more }), signal)
    },
    line(message, initial, problemWith) {
      const validate = (value: string | undefined) => problemWith(value || initial)
      const defaults = { placeholder: initial, defaultValue: initial }
      return awaitAnswer(() => text({ message, ...defaults, validate, ...on }), signal)
    },
  }
}

/**
 * clack answers a question that was left with the same symbol for Esc, for Ctrl-C and for an aborted signal,
 * and never answers when the input ends.
 */
async function awaitAnswer(
  prompt: () => Promise<string | symbol>,
  signal: AbortSignal,
): Promise<string | Back> {
  let last: string | undefined
  const remember = (_: unknown, key: { name?: string }) => {
    last = key.name
  }
  process.stdin.on('keypress', remember)
  try {
    const value = await unlessInputEnds(prompt())
    if (typeof value === 'string') return value
  } finally {
    process.stdin.off('keypress', remember)
  }
  signal.throwIfAborted()
  if (last === 'escape') return BACK
  throw new Cancelled('SIGINT', 'Nothing was written')
}

/** When the input ends, the prompt never resolves, and Node would exit with code 0. */
function unlessInputEnds<T>(prompt: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () =>
      reject(new UserError('The input ended before all questions were answered', 'Give the answers as flags'))
    process.once('beforeExit', ended)
    prompt.then(resolve, reject).finally(() => process.removeListener('beforeExit', ended))
  })
}
