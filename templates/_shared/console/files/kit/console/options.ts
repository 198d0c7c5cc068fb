import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './errors.ts'

type OptionTypes = NonNullable<ParseArgsConfig['options']>

/** The options of every command that calls a model. */
export const COMMON_OPTIONS = {
  'max-cost': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/**
 * Node's `parseArgs`, with positionals.
 * Throws `UsageError` for an unknown option, a missing value or an unexpected one.
 */
export function parseArguments<const T extends OptionTypes>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    // Keeps the first sentence: the rest of Node's message is a hint about its own syntax.
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw new UsageError(message)
  }
}

/**
 * Returns `value` as one of `choices`. Throws `UsageError`, which lists all choices, if it is none of them.
 */
export function parseChoice<T extends string>(name: string, choices: readonly T[], value: string): T {
  const choice = choices.find((one) => one === value)
  if (choice === undefined) throw new UsageError(`${name} must be ${choices.join(', ')}; found "${value}"`)
  return choice
}

/**
 * Parses a whole number from `min` to `max`. Accepts digits only, because "4.0", "1e1" and "0x4" are probably
 * typos. Throws `UsageError` for anything else.
 */
export function parseWholeNumber(name: string, min: number, max: number, value: string): number {
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < min || number > max)
    throw new UsageError(`${name} must be a whole number from ${min} to ${max}; found "${value}"`)
  return number
}

/** Parses US dollars above 0; undefined stays undefined. Throws `UsageError` for anything else. */
export function parseDollars(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const amount = Number(value)
  if (!/^\d*\.?\d+$/.test(value) || amount <= 0)
    throw new UsageError(`${name} must be US dollars above 0, such as 0.05; found "${value}"`)
  return amount
}
