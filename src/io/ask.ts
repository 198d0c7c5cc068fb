import { select, text } from '@clack/prompts'
import { Cancelled, UserError } from '../core/errors.ts'

export interface Choice {
  value: string
  label: string
  hint?: string
}

/** How a command asks; tests pass their own. */
export interface Ask {
  choose(message: string, choices: readonly Choice[], initial?: string): Promise<string>
  line(message: string, initial: string, problemWith: (text: string) => string | undefined): Promise<string>
}

/** Asks on the terminal, on stderr, so that stdout carries only results. */
export const terminalAsk: Ask = {
  async choose(message, choices, initial) {
    const options = choices.map(({ value, label, hint }) => ({ value, label, ...(hint && { hint }) }))
    return awaitAnswer(
      select({ message, options, output: process.stderr, ...(initial && { initialValue: initial }) }),
    )
  },
  async line(message, initial, problemWith) {
    const validate = (value: string | undefined) => problemWith(value || initial)
    return awaitAnswer(
      text({
        message,
        placeholder: initial,
        defaultValue: initial,
        validate,
        output: process.stderr,
      }),
    )
  },
}

/** clack answers a cancelled question with a symbol, and never answers when the input ends. */
async function awaitAnswer(prompt: Promise<string | symbol>): Promise<string> {
  const value = await unlessInputEnds(prompt)
  if (typeof value === 'string') return value
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
