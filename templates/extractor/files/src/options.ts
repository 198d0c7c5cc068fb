import { UsageError } from '#kit/console/errors'
import { COMMON_OPTIONS, dollars, oneOf, parseArguments, wholeNumber } from '#kit/console/options'
import { DEFAULT_SCHEMA } from './fields/load.ts'
import { PATTERN_NAMES, type PatternName } from './prompts.ts'

export interface Options {
  inputs: string[]
  schema: string
  prompt: PatternName
  csv: boolean
  out: string | undefined
  concurrency: number
  maxCostUsd: number | undefined
  help: boolean
}

export const HELP = `Usage: npm start -- [options] FILE...
       npm start -- [options] FOLDER|FILE.jsonl...
       some-command | npm start --silent -- [options]

  --schema PATH            what to look for (${DEFAULT_SCHEMA})
  --prompt PATTERN         ${PATTERN_NAMES.join(', ')} (zero-shot)
  --csv                    CSV instead of JSON; beside --out, a second file
  --out FILE.jsonl         a batch: one line for each document; what is there is not done again
  --concurrency N          documents at a time in a batch, 1 to 32 (4)
  --max-cost USD           refuse the call that could pass this total
  --help                   this text

One document gives one JSON document, several give one on each line. A folder or a .jsonl file is a batch and goes to
reports/extractions.jsonl unless --out says otherwise; what failed is beside it in .failed.jsonl, with what the model wrote.
Exit codes: 0 done, 1 a document failed, 2 usage or bad input, 130 stopped with Ctrl-C.
`

const OPTIONS = {
  ...COMMON_OPTIONS,
  schema: { type: 'string', default: DEFAULT_SCHEMA },
  prompt: { type: 'string', default: 'zero-shot' },
  csv: { type: 'boolean', default: false },
  out: { type: 'string' },
  concurrency: { type: 'string', default: '4' },
} as const

/** Parses the arguments after the script's name. Throws `UsageError`. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArguments(args, OPTIONS)
  const { schema, csv, out, help } = values
  if (out !== undefined && !out.endsWith('.jsonl'))
    throw new UsageError(`--out must be a .jsonl file; found "${out}"`)
  return {
    inputs: positionals,
    schema,
    prompt: oneOf('--prompt', PATTERN_NAMES, values.prompt),
    csv,
    out,
    concurrency: wholeNumber('--concurrency', 1, 32, values.concurrency),
    maxCostUsd: dollars('--max-cost', values['max-cost']),
    help,
  }
}
