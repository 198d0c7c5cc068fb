import { parseArgs } from 'node:util'
import { UsageError } from './console/errors.ts'
import { DEFAULT_SCHEMA } from './load-schema.ts'
import { PATTERN_NAMES, type PatternName } from './prompts/patterns.ts'

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

/** Parses the arguments after the script's name. Throws `UsageError`. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args)
  const { schema = DEFAULT_SCHEMA, csv = false, out, help = false } = values
  return {
    inputs: positionals,
    schema,
    prompt: pattern(values.prompt ?? 'zero-shot'),
    csv,
    out: out === undefined ? undefined : jsonLines(out),
    concurrency: concurrency(values.concurrency ?? '4'),
    maxCostUsd: values['max-cost'] === undefined ? undefined : dollars(values['max-cost']),
    help,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        schema: { type: 'string' },
        prompt: { type: 'string' },
        csv: { type: 'boolean' },
        out: { type: 'string' },
        concurrency: { type: 'string' },
        'max-cost': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function pattern(value: string): PatternName {
  const name = PATTERN_NAMES.find((one) => one === value)
  if (name === undefined)
    throw new UsageError(`--prompt must be ${PATTERN_NAMES.join(', ')}; found "${value}"`)
  return name
}

function jsonLines(path: string): string {
  if (path.endsWith('.jsonl')) return path
  throw new UsageError(`--out must be a .jsonl file; found "${path}"`)
}

function concurrency(value: string): number {
  const count = Number(value)
  if (!/^\d+$/.test(value) || count < 1 || count > 32)
    throw new UsageError(`--concurrency must be 1 to 32; found "${value}"`)
  return count
}

function dollars(value: string): number {
  const amount = Number(value)
  if (!/^\d*\.?\d+$/.test(value) || amount <= 0)
    throw new UsageError(`--max-cost must be US dollars above 0, such as 0.05; found "${value}"`)
  return amount
}
