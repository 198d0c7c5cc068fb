import { UsageError } from '#kit/console/errors'
import { parseArguments, parseChoice, parseWholeNumber } from '#kit/console/options'

export type Command =
  | { name: 'help' }
  | { name: 'stdio' | 'serve'; notes: string; readOnly: boolean }
  | { name: 'search'; notes: string; query: string }
  | { name: 'connect'; notes: string; http: string | undefined; readOnly: boolean }
  | { name: 'token'; client: string; scopes: readonly string[]; hours: number }

const DEFAULT_NOTES = 'notes-sample'

/** @param scopes The scopes that a token can have. */
export function renderServerHelp(scopes: readonly string[]): string {
  return `npm run serve                 serve over HTTP at http://127.0.0.1:8080/mcp (HOST, PORT and more in .env.example)
npm run connect               print the configuration for Claude Desktop, Claude Code, Cursor and VS Code
npm run search -- "words"     print what the tool search_notes finds
npm run token                 print a token for a server that asks for one (AUTH_JWKS_FILE)
node dist/src/main.js stdio   serve over standard input and output, as clients start it

  --notes DIR       read the notes in DIR (${DEFAULT_NOTES})
  --read-only       leave out the tool that writes
  --http URL        connect: print the configuration for a server at URL
  --client NAME     token: name the client that gets it (me)
  --scope NAME      token: allow ${scopes.join(' or ')}; repeatable (all)
  --hours N         token: expire after N hours (8)
  --help            print this text

Exit codes: 0 done, 1 failed, 2 usage or bad input, 130 stopped with Ctrl-C.
`
}

const OPTIONS = {
  notes: { type: 'string', default: DEFAULT_NOTES },
  'read-only': { type: 'boolean', default: false },
  http: { type: 'string' },
  client: { type: 'string', default: 'me' },
  scope: { type: 'string', multiple: true },
  hours: { type: 'string', default: '8' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const COMMANDS = ['stdio', 'serve', 'search', 'connect', 'token'] as const

/** Parses what follows the script's name. Throws `UsageError`. */
export function parseServerCommand(args: readonly string[], allScopes: readonly string[]): Command {
  const { values, positionals } = parseArguments(args, OPTIONS)
  const [given = 'help', ...words] = positionals
  if (values.help || given === 'help') return { name: 'help' }
  const name = parseChoice('The command', COMMANDS, given)
  const { notes, 'read-only': readOnly, http, client, scope, hours } = values
  if (name === 'search') return { name, notes, query: joinQuery(words) }
  if (words.length > 0) throw new UsageError(`${name} takes no "${words[0]}"`)
  switch (name) {
    case 'stdio':
    case 'serve':
      return { name, notes, readOnly }
    case 'connect':
      return { name, notes, http: checkUrl(http), readOnly }
    case 'token': {
      const scopes = (scope ?? allScopes).map((one) => parseChoice('--scope', allScopes, one))
      return { name, client, scopes, hours: parseWholeNumber('--hours', 1, 24 * 90, hours) }
    }
    default:
      return name satisfies never
  }
}

/** A query works without quotes too. */
function joinQuery(words: readonly string[]): string {
  const query = words.join(' ').trim()
  if (query === '') throw new UsageError('Search for something: npm run search -- "rollback"')
  return query
}

function checkUrl(http: string | undefined): string | undefined {
  if (http === undefined || (URL.canParse(http) && /^https?:/.test(http))) return http
  throw new UsageError(`--http takes an address such as https://notes.example.com/mcp; found "${http}"`)
}
