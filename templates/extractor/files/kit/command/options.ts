import { UsageError } from '#kit/console/errors'
import {
  COMMON_OPTIONS,
  parseArguments,
  parseChoice,
  parseDollars,
  parseWholeNumber,
} from '#kit/console/options'
import { DEFAULT_SCHEMA } from '#kit/fields/load'

export interface Options<P extends string> {
  inputs: string[]
  schema: string
  pattern: P
  csv: boolean
  out: string | undefined
  concurrency: number
  maxCostUsd: number | undefined
  help: boolean
}

/** The first prompt pattern is the default. */
export function writeHelp(patterns: readonly string[]): string {
  return `Usage: npm start -- [options] FILE...
       npm start -- [options] FOLDER|FILE.jsonl...
       some-command | npm start --silent -- [options]

  --schema PATH            file with the schema (${DEFAULT_SCHEMA})
  --prompt PATTERN         ${patterns.join(', ')} (${patterns[0]})
  --csv                    print CSV instead of JSON; for a batch, write a .csv file next to --out
  --out FILE.jsonl         run a batch into this file: one line per document; skip documents that it has
  --concurrency N          documents at a time in a batch, 1 to 32 (4)
  --max-cost USD           refuse the call that could pass this total
  --help                   show this text

One document prints one JSON document; several print one per line. A folder or a .jsonl file is a batch and goes to
reports/extractions.jsonl unless --out names another file; failed documents go to .failed.jsonl next to it, with the model's answers.
Exit codes: 0 done, 1 a document failed, 2 usage or bad input, 130 stopped with Ctrl-C.
`
}

const OPTIONS = {
  ...COMMON_OPTIONS,
  schema: { type: 'string', default: DEFAULT_SCHEMA },
  prompt: { type: 'string' },
  csv: { type: 'boolean', default: false },
  out: { type: 'string' },
  concurrency: { type: 'string', default: '4' },
} as const

/** Parses the arguments after the script's name. Throws `UsageError`. */
export function parseExtractOptions<P extends string>(
  args: readonly string[],
  patterns: readonly [P, ...P[]],
): Options<P> {
  const { values, positionals } = parseArguments(args, OPTIONS)
  const { schema, prompt = patterns[0], csv, out, help } = values
  if (out !== undefined && !out.endsWith('.jsonl'))
    throw new UsageError(`--out must be a .jsonl file; found "${out}"`)
  return {
    inputs: positionals,
    schema,
    pattern: parseChoice('--prompt', patterns, prompt),
    csv,
    out,
    concurrency: parseWholeNumber('--concurrency', 1, 32, values.concurrency),
    maxCostUsd: parseDollars('--max-cost', values['max-cost']),
    help,
  }
}
