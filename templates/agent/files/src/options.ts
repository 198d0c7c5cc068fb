import { UsageError } from '#kit/console/errors'
import { dollars, parseArguments, wholeNumber } from '#kit/console/options'
import { DEFAULT_LIMITS, type Limits } from './settings.ts'

/** What every command that lets an agent work takes. */
export interface WorkOptions {
  /** Patterns of calls that need no question. */
  approve: readonly string[]
  /** Tools that there are; undefined: all of them. */
  allow: readonly string[] | undefined
  /** Those that were given. A new run takes the defaults for the others, one that goes on has its own. */
  limits: Partial<Limits>
  /** There is a tool that fetches web pages. */
  fetch: boolean
  /** A file of MCP servers whose tools there are. */
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

export const HELP = `npm start                       triage the incident in incidents/pool-exhausted
npm start -- --in DIR           the same with an incident of yours: a folder, or one file
npm start -- "GOAL"             another goal, in words; --job FILE takes it from a file
npm run resume -- RUN           go on with a run that was stopped or killed, with the limits and tools that it had
npm run runs                    what has run
npm run trace -- RUN            what happened, to read; --html FILE makes a page of it
npm run tools                   the tools, and which of them need approval
npm run serve                   runs over HTTP at http://127.0.0.1:8080 (HOST, PORT, ALLOWED_HOSTS, RATE_LIMIT in .env)

  --in PATH               the incident (default incidents/pool-exhausted)
  --job FILE              the goal as a file (default jobs/triage.md)
  --approve PATTERN       calls that are made without asking: TOOL, TOOL:KEY=VALUE,KEY=VALUE or TOOL#FINGERPRINT; several times
  --allow TOOL            the only tools that there are; several times, * stands for anything
  --fetch                 a tool that fetches public web pages, each one after approval
  --mcp FILE              the tools of MCP servers as well: mcp.example.json
  --max-steps N           calls of the model (${DEFAULT_LIMITS.steps})
  --max-tokens N          input and output together (${DEFAULT_LIMITS.tokens})
  --max-cost USD          refuse the call that could pass this total
  --max-seconds N         time of model and tools (${DEFAULT_LIMITS.timeMs / 1000})
  --max-identical N       stop when a call is asked for this often (${DEFAULT_LIMITS.identicalCalls})
  --json                  one JSON document at the end instead of text
  --help                  this text

The answer goes to standard output; steps, questions, tokens and cost go to standard error.
Without a terminal nobody can be asked, so what needs approval is denied unless --approve names it.
Exit codes: 0 done; 1 stopped before it was done, or failed; 2 usage or bad input; 130 stopped with Ctrl-C.
`

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
  const work = { approve, allow, fetch, mcp, json, limits: limitsOf(values) }
  if (values.html !== undefined && name !== 'trace') throw new UsageError('--html is for trace')
  switch (name) {
    case 'run':
      return { name, goal: words.join(' ').trim() || undefined, job: values.job, root, ...work }
    case 'resume':
      return { name, run: runIn(words), ...work }
    case 'trace':
      return { name, run: runIn(words), html: values.html }
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

function limitsOf(given: Given): Partial<Limits> {
  const number = (name: keyof Given, max = 1_000_000_000) => {
    const value = given[name]
    return value === undefined ? undefined : wholeNumber(`--${name}`, 1, max, value)
  }
  const seconds = number('max-seconds', 86_400)
  const limits = {
    steps: number('max-steps', 1_000),
    tokens: number('max-tokens'),
    costUsd: dollars('--max-cost', given['max-cost']),
    timeMs: seconds === undefined ? undefined : seconds * 1_000,
    identicalCalls: number('max-identical', 100),
  }
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined))
}

function runIn(words: readonly string[]): string {
  const [run, ...more] = words
  if (run === undefined || more.length > 0) throw new UsageError('Name one run; npm run runs lists them')
  return run
}
