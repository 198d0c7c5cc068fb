import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import * as z from 'zod'
import type { Env } from '#kit/console/env'
import { InputError } from '#kit/console/errors'
import { readDocuments } from '#kit/console/input'
import { isRecord } from '#kit/console/json'
import type { Io } from '#kit/console/process'
import { parseCommentedJson } from './commented-json.ts'
import { fillVariables, findWorkspace, type VariableSources } from './variables.ts'

interface Common {
  /**
   * Names or patterns of tools that only read: they run without asking. What a server says about its own
   * tools, or another client's file about approval, does not count.
   */
  readOnly: string[]
}
interface StdioServer extends Common {
  command: string
  args: string[]
  env: Record<string, string>
  cwd?: string
}
interface HttpServer extends Common {
  url: string
  headers: Record<string, string>
  /** The older transport, without trying the newer one first. */
  isSse?: boolean
}
export type McpServers = Record<string, StdioServer | HttpServer>

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)
/** VS Code has null for a variable that is taken away. */
const texts = z.record(z.string(), scalar.nullable()).nullish()

/** A server as Claude, VS Code, Cursor and Cline write it. */
const givenServer = z
  .looseObject({
    type: z.string().nullish(),
    transport: z.string().nullish(),
    command: z.string().min(1).nullish(),
    args: z.array(scalar).nullish(),
    env: texts,
    envFile: z.string().nullish(),
    cwd: z.string().nullish(),
    url: z.string().min(1).nullish(),
    headers: texts,
    disabled: z.boolean().nullish(),
    enabled: z.boolean().nullish(),
    readOnly: z.array(z.string()).nullish(),
  })
  .refine(({ command, url }) => (command ? 1 : 0) + (url ? 1 : 0) === 1, {
    error: 'needs a command or a url, and not both',
  })
type GivenServer = z.infer<typeof givenServer>

const servers = z.record(z.string().regex(/^\P{Cc}{1,100}$/u), givenServer)
const input = z.looseObject({
  id: z.string(),
  description: z
    .string()
    .nullish()
    .transform((text) => text ?? undefined),
  default: z
    .string()
    .nullish()
    .transform((text) => text ?? undefined),
})
const config = z.looseObject({ servers, inputs: z.array(input).default([]) })

const USED = new Set([...Object.keys(givenServer.shape), 'name', 'description', 'title'])
const TRANSPORTS: Record<string, 'stdio' | 'http' | 'sse'> = {
  stdio: 'stdio',
  http: 'http',
  streamablehttp: 'http',
  sse: 'sse',
}

/**
 * Reads the servers of a file that Claude, VS Code, Cursor or Cline has: `mcpServers`, or `servers` with
 * `inputs`, with comments and last commas. Variables are filled in (`variables.ts`). Calls `tell` with what is
 * not used here. Throws `InputError`.
 */
export async function readMcpConfig(
  path: string,
  env: Env,
  io: Pick<Io, 'stdin' | 'signal'>,
  tell: (line: string) => void = () => {},
): Promise<McpServers> {
  const [file] = await readDocuments([path], io.stdin, io.signal)
  const { success, data, error } = config.safeParse(findServers(parseCommentedJson(file?.text ?? '')))
  if (!success) {
    const issues = error.issues.slice(0, 3).map(describeIssue)
    throw new InputError(
      `${path} is not a list of MCP servers: ${issues.join('; ')}`,
      'See mcp.example.json.',
    )
  }
  const active = Object.entries(data.servers).filter(([name, server]) => isActive(name, server, path, tell))
  const sources = { path, env, inputs: data.inputs }
  const filled = active.map(async ([name, server]) => {
    tellUnused(name, server, path, tell)
    return [name, await fillServer(name, server, sources)] as const
  })
  return Object.fromEntries(await Promise.all(filled))
}

/** `{mcpServers}`, `{servers}`, or settings of VS Code with `mcp: {servers}`. */
function findServers(file: unknown): unknown {
  if (!isRecord(file)) return file
  const inside = isRecord(file['mcp']) ? file['mcp'] : file
  return { inputs: inside['inputs'] ?? [], servers: inside['mcpServers'] ?? inside['servers'] }
}

function describeIssue({ code, path, message }: z.core.$ZodIssue): string {
  const [list, ...rest] = path.map(String)
  const where = list === 'servers' ? rest.join('.') : path.join('.')
  if (code === 'invalid_key')
    return `${JSON.stringify(path.at(-1))}: a name has 1 to 100 characters on one line`
  if (path.length <= 1) return 'it has neither "mcpServers" nor "servers"'
  return `${where}: ${message}`
}

function isActive(
  name: string,
  { disabled, enabled }: GivenServer,
  path: string,
  tell: (line: string) => void,
) {
  const isOff = disabled === true || enabled === false
  if (isOff) tell(`${path}: ${name} is disabled and not started`)
  return !isOff
}

function tellUnused(name: string, server: GivenServer, path: string, tell: (line: string) => void): void {
  const unused = Object.keys(server).filter((key) => !USED.has(key))
  if (unused.length === 0) return
  const approval = unused.some((key) => /approve|allow/i.test(key))
    ? '; what needs no question here is in readOnly and --approve'
    : ''
  tell(
    `${path}: ${name}: ${unused.join(', ')} ${unused.length === 1 ? 'is' : 'are'} not used here${approval}`,
  )
}

async function fillServer(
  name: string,
  server: GivenServer,
  sources: VariableSources,
): Promise<StdioServer | HttpServer> {
  const transport = readTransport(name, server, sources.path)
  const readOnly = server.readOnly ?? []
  if (server.url) {
    const url = fillVariables(server.url, sources)
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw new InputError(
        `${sources.path} is not a list of MCP servers: ${name}.url: "${url}" is no http or https address`,
        'See mcp.example.json.',
      )
    const headers = fillRecord(server.headers, sources)
    return { url, headers, readOnly, ...(transport === 'sse' && { isSse: true }) }
  }
  const env = { ...(await readEnvFile(server.envFile, sources)), ...fillRecord(server.env, sources) }
  const own = new Set(Object.keys(env))
  const args = (server.args ?? []).map((arg) => fillVariables(arg, sources, own))
  const command = fillVariables(server.command ?? '', sources)
  const cwd = server.cwd && resolve(findWorkspace(sources.path), fillVariables(server.cwd, sources))
  return { command, args, env, readOnly, ...(cwd && { cwd }) }
}

function readTransport(name: string, { type, transport, url }: GivenServer, path: string) {
  const given = type ?? transport
  if (!given) return undefined
  const known = TRANSPORTS[given.toLowerCase().replaceAll(/[-_\s]/g, '')]
  if (known !== undefined && (known === 'stdio') === !url) return known
  const fits = url ? '"http" or "sse"' : '"stdio"'
  throw new InputError(
    `${path} is not a list of MCP servers: ${name}.type: ${fits} fits the rest, found "${given}"`,
    'See mcp.example.json.',
  )
}

function fillRecord(record: GivenServer['env'], sources: VariableSources): Record<string, string> {
  const filled = Object.entries(record ?? {}).flatMap(([key, value]) =>
    value === null ? [] : [[key, fillVariables(value, sources)] as const],
  )
  return Object.fromEntries(filled)
}

async function readEnvFile(given: GivenServer['envFile'], sources: VariableSources) {
  if (!given) return {}
  const path = resolve(findWorkspace(sources.path), fillVariables(given, sources))
  try {
    const entries = Object.entries(parseEnv(await readFile(path, 'utf8')))
    return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
  } catch {
    throw new InputError(
      `${sources.path} names the envFile ${path}, which cannot be read`,
      'Correct its path.',
    )
  }
}
