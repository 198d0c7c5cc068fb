import { parseArgs } from 'node:util'
import { UsageError } from './console/errors.ts'
import { LENGTHS, type Length, STYLES, type Style } from './request.ts'

export interface Options {
  files: string[]
  length: Length
  style: Style
  repeat: number
  json: boolean
  maxCostUsd: number | undefined
  help: boolean
}

export const HELP = `Usage: npm start -- [options] FILE...
       some-command | npm start --silent -- [options]

  --length ${LENGTHS.join('|')}          how long the summary is (medium)
  --style ${STYLES.join('|')}     how it is written (paragraph)
  --repeat N                     ask N times and measure how much the answers differ
  --json                         one JSON document instead of streamed text
  --max-cost USD                 refuse the call that could pass this total
  --help                         this text

The summary goes to standard output; tokens, cost and timing go to standard error.
Exit codes: 0 done, 1 failed, 2 usage or bad input, 130 stopped with Ctrl-C.
`

/** Parses the arguments after the script's name. Throws `UsageError`. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args)
  return {
    files: positionals,
    length: oneOf('--length', LENGTHS, values.length ?? 'medium'),
    style: oneOf('--style', STYLES, values.style ?? 'paragraph'),
    repeat: repeatCount(values.repeat ?? '1'),
    json: values.json ?? false,
    maxCostUsd: values['max-cost'] === undefined ? undefined : dollars(values['max-cost']),
    help: values.help ?? false,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        length: { type: 'string' },
        style: { type: 'string' },
        repeat: { type: 'string' },
        json: { type: 'boolean' },
        'max-cost': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function oneOf<T extends string>(name: string, choices: readonly T[], value: string): T {
  const choice = choices.find((one) => one === value)
  if (choice === undefined) throw new UsageError(`${name} must be ${choices.join(', ')}; found "${value}"`)
  return choice
}

function repeatCount(value: string): number {
  const count = Number(value)
  if (!/^\d+$/.test(value) || count < 1 || count > 20)
    throw new UsageError(`--repeat must be 1 to 20; found "${value}"`)
  return count
}

function dollars(value: string): number {
  const amount = Number(value)
  if (!/^\d*\.?\d+$/.test(value) || amount <= 0)
    throw new UsageError(`--max-cost must be US dollars above 0, such as 0.05; found "${value}"`)
  return amount
}
