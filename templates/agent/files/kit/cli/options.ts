import { UsageError } from '#kit/console/errors'
import { parseArguments, parseDollars, parseWholeNumber } from '#kit/console/options'

type LimitName = 'steps' | 'tokens' | 'costUsd' | 'timeMs' | 'identicalCalls'

/** The options of every command that lets an agent work. */
export interface WorkOptions {
  /** Patterns of calls that need no question. */
  approve: readonly string[]
  /** Patterns of the tools to use; undefined: all of them. */
  allow: readonly string[] | undefined
  /** The limits that were given. A new run takes the defaults for the others, a resumed one keeps its own. */
  limits: Partial<Record<LimitName, number>>
  /** Whether to add the tool that fetches web pages. */
  fetch: boolean
  /** A file of MCP servers whose tools to add. */
  mcp: string | undefined
  json: boolean
}

export type Command =
  | { name: 'help' }
  | ({ name: 'run'; goal: string | undefined; job: string; root: string } & WorkOptions)
  | ({ name: 'resume'; run: string } & WorkOptions)
  | { name: 'runs' }
  | { name: 'trace'; run: string; html: string | undefined }
  | ({ name: 'tools'; root: string } & WorkOptions)
  | ({ name: 'serve'; root: string; job: string } & WorkOptions)

export type CommandNamed<N extends Command['name']> = Extract<Command, { name: N }>

export function renderHelp(defaults: Record<Exclude<LimitName, 'costUsd'>, number>): string {
  return `npm start                       triage the incident in incidents/pool-exhausted
npm start -- --in DIR           the same for your own incident: a folder, or one file
npm start -- "GOAL"             another goal, in words; --job FILE reads it from a file
npm run resume -- RUN           continue a run that was stopped or killed, with the limits and tools it had
npm run runs                    list the runs
npm run trace -- RUN            show what happened in a run; --html FILE writes it as a page
npm run tools                   list the tools, and which of them need approval
npm run serve                   serve runs over HTTP at http://127.0.0.1:8080 (HOST, PORT, ALLOWED_HOSTS, RATE_LIMIT in .env)

  --in PATH               the incident (default incidents/pool-exhausted)
  --job FILE              the goal as a file (default jobs/triage.md)
  --approve PATTERN       make matching calls without asking: TOOL, TOOL:KEY=VALUE,KEY=VALUE or TOOL#FINGERPRINT; repeatable
  --allow TOOL            use only tools with this name, * stands for any characters; repeatable
  --fetch                 add a tool that fetches public web pages, each after approval
  --mcp FILE              add the tools of MCP servers: see mcp.example.json
  --max-steps N           limit calls of the model (${defaults.steps})
  --max-tokens N          limit tokens, input and output together (${defaults.tokens})
  --max-cost USD          refuse a call of the model that could pass this total
  --max-seconds N         limit the time of model and tools (${defaults.timeMs / 1000})
  --max-identical N       stop when the model asks for the same call this often (${defaults.identicalCalls})
  --json                  print one JSON document at the end instead of text
  --help                  print this text

The answer goes to standard output; steps, questions, tokens and cost go to standard error.
Without a terminal, a call that needs approval is denied unless --approve names it.
Exit codes: 0 done; 1 stopped before it was done, or failed; 2 usage or bad input; 130 stopped with Ctrl-C.
`
}

const OPTIONS = {
  in: { type: 'string', default: 'incidents/pool-exhausted' },
  job: { type: 'string', default: 'jobs/triage.md' },
  approve: { type: 'string', multiple: true },
  allow: { type: 'string', multiple: true },
  fetch: { type: 'boolean', default: false },
  mcp: { type: 'string' },
  'max-steps': { type: 'string' },
  'max-tokens': { type: 'string' },
  'max-cost': { type: 'string' },
  'max-seconds': { type: 'string' },
  'max-identical': { type: 'string' },
  html: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Parses what follows the script's name: a command and its arguments. Throws `UsageError`. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArguments(args, OPTIONS)
  const [name = 'run', ...words] = positionals
  if (values.help) return { name: 'help' }
  const { approve = [], allow, fetch, mcp, json, in: root } = values
  const work = { approve, allow, fetch, mcp, json, limits: parseLimits(values) }
  if (values.html !== undefined && name !== 'trace') throw new UsageError('--html is for trace')
  switch (name) {
    case 'run':
      return { name, goal: words.join(' ').trim() || undefined, job: values.job, root, ...work }
    case 'resume':
      return { name, run: parseRun(words), ...work }
    case 'trace':
      return { name, run: parseRun(words), html: values.html }
    case 'runs':
      return { name }
    case 'tools':
    case 'serve':
      if (words.length > 0) throw new UsageError(`${name} takes no argument; found "${words[0]}"`)
      return { name, root, job: values.job, ...work }
    default:
      throw new UsageError(`There is no command "${name}"`)
  }
}

type Given = Partial<
  Record<'max-steps' | 'max-tokens' | 'max-cost' | 'max-seconds' | 'max-identical', string>
>

function parseLimits(given: Given): WorkOptions['limits'] {
  const number = (name: keyof Given, max = 1_000_000_000) => {
    const value = given[name]
    return value === undefined ? undefined : parseWholeNumber(`--${name}`, 1, max, value)
  }
  const seconds = number('max-seconds', 86_400)
  const limits = {
    steps: number('max-steps', 1_000),
    tokens: number('max-tokens'),
    costUsd: parseDollars('--max-cost', given['max-cost']),
    timeMs: seconds === undefined ? undefined : seconds * 1_000,
    identicalCalls: number('max-identical', 100),
  }
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined))
}

function parseRun(words: readonly string[]): string {
  const [run, ...more] = words
  if (run === undefined || more.length > 0) throw new UsageError('Name one run; npm run runs lists them')
  return run
}
