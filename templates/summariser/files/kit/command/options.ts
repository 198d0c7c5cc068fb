import { COMMON_OPTIONS, dollars, oneOf, parseArguments, wholeNumber } from '#kit/console/options'
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

const OPTIONS = {
  ...COMMON_OPTIONS,
  length: { type: 'string', default: 'medium' },
  style: { type: 'string', default: 'paragraph' },
  repeat: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
} as const

/** Parses the arguments after the script's name. Throws `UsageError`. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArguments(args, OPTIONS)
  const { json, help } = values
  return {
    files: positionals,
    length: oneOf('--length', LENGTHS, values.length),
    style: oneOf('--style', STYLES, values.style),
    repeat: wholeNumber('--repeat', 1, 20, values.repeat),
    json,
    maxCostUsd: dollars('--max-cost', values['max-cost']),
    help,
  }
}
