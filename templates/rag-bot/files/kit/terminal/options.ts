import { UsageError } from '#kit/console/errors'
import { parseArguments, parseDollars } from '#kit/console/options'
import type { Metadata } from '#kit/store/store'

export const DEFAULT_INDEX = '.data/index'

/** What every command takes. */
export interface Common {
  /** Directory of an index without a server. */
  index: string
  maxCostUsd: number | undefined
}

export interface AskOptions extends Common {
  /** Answer from this folder or file, indexed in memory for this run alone. */
  docs: string | undefined
  json: boolean
  filter: Metadata
}

export type Command =
  | { name: 'help' }
  | ({ name: 'ingest'; docs: string; rebuild: boolean } & Common)
  | ({ name: 'ask'; question: string } & AskOptions)
  | ({ name: 'chat' | 'serve' } & AskOptions)

export const HELP = `npm run ingest -- DOCS        index a folder (.md .mdx .txt .html .pdf), or bring its index up to date
npm run ask -- "question"     one answer, cited
npm start                     a conversation; from a pipe, every line is a question
npm run serve                 the page and the API at http://127.0.0.1:8080 (HOST, PORT, ALLOWED_HOSTS, RATE_LIMIT in .env)

  --docs PATH         answer from this folder or file instead of the index, read for this run alone
  --where KEY=VALUE   only documents whose front matter says so; may be given several times
  --json              one JSON document for each answer instead of streamed text
  --index DIR         where the index is (${DEFAULT_INDEX}), if no server has it: .env.example
  --rebuild           ingest: throw the index away first
  --max-cost USD      refuse the call that could pass this total
  --help              this text

Answers and their sources go to standard output; tokens, cost and timing go to standard error.
Exit codes: 0 done, also when the docs do not answer; 1 failed, 2 usage or bad input, 130 stopped with Ctrl-C.
`

const OPTIONS = {
  docs: { type: 'string' },
  where: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  index: { type: 'string', default: DEFAULT_INDEX },
  rebuild: { type: 'boolean', default: false },
  'max-cost': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Parses what follows the script's name: a command and its arguments. Throws `UsageError`. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArguments(args, OPTIONS)
  const [name = 'chat', ...words] = positionals
  if (values.help) return { name: 'help' }
  const common = { index: values.index, maxCostUsd: parseDollars('--max-cost', values['max-cost']) }
  const asking = {
    ...common,
    docs: values.docs,
    json: values.json,
    filter: parseConditions(values.where ?? []),
  }
  if (values.rebuild && name !== 'ingest') throw new UsageError('--rebuild is for ingest')
  switch (name) {
    case 'ingest':
      return {
        name,
        docs: takeOne(words, 'Name the folder of your docs, for example docs-sample'),
        rebuild: values.rebuild,
        ...common,
      }
    case 'ask':
      return { name, question: joinQuestion(words), ...asking }
    case 'chat':
    case 'serve':
      if (words.length > 0) throw new UsageError(`${name} takes no argument; found "${words[0]}"`)
      return { name, ...asking }
    default:
      throw new UsageError(`There is no command "${name}"`)
  }
}

function takeOne(words: readonly string[], missing: string): string {
  const [word, ...more] = words
  if (word === undefined || word === '') throw new UsageError(missing)
  if (more.length > 0) throw new UsageError(`One folder at a time; also found "${more[0]}"`)
  return word
}

/** Also without quotes around it. */
function joinQuestion(words: readonly string[]): string {
  const question = words.join(' ').trim()
  if (question === '') throw new UsageError('Ask something: npm run ask -- "How do we roll back?"')
  return question
}

function parseConditions(conditions: readonly string[]): Metadata {
  return Object.fromEntries(
    conditions.map((condition) => {
      const at = condition.indexOf('=')
      if (at < 1) throw new UsageError(`--where wants KEY=VALUE; found "${condition}"`)
      return [condition.slice(0, at), readValue(condition.slice(at + 1))]
    }),
  )
}

/** As front matter reads it: numbers and true or false are not texts. */
function readValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text
}
