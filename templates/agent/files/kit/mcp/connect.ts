import type { JSONObject, JSONSchema7 } from '@ai-sdk/provider'
import {
  Client,
  type ClientOptions,
  type JsonSchemaValidatorResult,
  SdkHttpError,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import * as z from 'zod'
import { isRecord } from '#kit/console/json'
import { toPrintable } from '#kit/console/printable'
import type { McpServers } from './config.ts'
import { renderResult } from './content.ts'

const CONNECT_MS = 15_000
const MOST_SAID = 10_000
const inputSchema = z.custom<JSONSchema7>(isRecord)

/** A server that can't be used. Exit code 1. */
class McpError extends Error {
  override readonly name = 'McpError'
  readonly hint = 'Start it by itself to see what it prints, or remove it from the file.'
}

/** A tool of a server, with what the user's file says about the server. */
export interface McpTool {
  server: string
  /** Patterns of the tools that only read. */
  readOnly: readonly string[]
  name: string
  description: string
  schema: JSONSchema7
  /** The text of the result. Rejects when the server can't be reached. */
  call(
    input: JSONObject,
    options: { signal: AbortSignal; timeout: number },
  ): Promise<{ text: string; isError: boolean }>
}

export interface McpConnections {
  tools: McpTool[]
  close(): Promise<void>
}

/**
 * Connects to every server and lists its tools. Throws when one of them does not answer; then no connection
 * stays open.
 */
export async function connectMcp(servers: McpServers, signal: AbortSignal): Promise<McpConnections> {
  const clients: Client[] = []
  const close = async () => void (await Promise.allSettled(clients.map((client) => client.close())))
  const tools: McpTool[] = []
  try {
    for (const [name, server] of Object.entries(servers)) {
      const client = await openClient(name, server, clients, signal)
      tools.push(...(await listTools(client, { server: name, readOnly: server.readOnly })))
    }
    return { tools, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Connects to one server. A server that answers the newer transport with a client error may have only the older
 * one, which the specification tells clients to try then.
 */
async function openClient(
  name: string,
  server: McpServers[string],
  clients: Client[],
  signal: AbortSignal,
): Promise<Client> {
  const { transport, readComplaint } = openTransport(server)
  const open = async (over: Transport) => {
    const client = new Client({ name: 'agent', version: '0.1.0' }, CLIENT_OPTIONS)
    clients.push(client)
    await client.connect(over, { signal, timeout: CONNECT_MS })
    return client
  }
  try {
    return await open(transport).catch((error: unknown) => {
      signal.throwIfAborted()
      const older = 'url' in server && !server.isSse && isOlderServer(error) ? openSse(server) : undefined
      if (older === undefined) throw error
      // Then the first answer says more than that there is no stream either.
      return open(older).catch(() => Promise.reject(error))
    })
  } catch (error) {
    signal.throwIfAborted()
    const reasons = [describeFailure(error), readComplaint()]
    const why = reasons.filter(Boolean).map(shortenLine).join('; it says: ')
    throw new McpError(`The MCP server ${name} cannot be reached: ${why}`)
  }
}

const CLIENT_OPTIONS: ClientOptions = {
  // Servers of both protocol eras are in use: the newer is tried first.
  versionNegotiation: { mode: 'auto' },
  // A model reads what a tool gave, also where the tool's own schema of it is wrong or unknown to us.
  jsonSchemaValidator: { getValidator: () => acceptData },
}

function acceptData<T>(data: unknown): JsonSchemaValidatorResult<T> {
  return { valid: true, data: data as T, errorMessage: undefined }
}

/** A 4xx that is not about who asks. */
function isOlderServer(error: unknown): boolean {
  const status = findStatus(error)
  return status !== undefined && status >= 400 && status < 500 && ![401, 403, 407, 429].includes(status)
}

function findStatus(error: unknown): number | undefined {
  if (error instanceof SdkHttpError && error.status !== undefined) return error.status
  return error instanceof Error && error.cause !== undefined ? findStatus(error.cause) : undefined
}

function describeFailure(error: unknown): string {
  const status = findStatus(error)
  const message = error instanceof Error ? error.message : String(error)
  // A page of HTML, or nothing, after the SDK's words says less than the status.
  const said = message.replace(/:\s*(?:<[\s\S]*)?$/, '')
  return status === undefined || message.includes(String(status)) ? said : `${said} (HTTP ${status})`
}

async function listTools(client: Client, about: Pick<McpTool, 'server' | 'readOnly'>): Promise<McpTool[]> {
  const { tools } = await client.listTools()
  return tools.map(({ name, title, description = title ?? name, inputSchema: schema }) => ({
    ...about,
    ...{ name, description, schema: inputSchema.parse(schema) },
    call: async (input, options) => {
      const result = await client.callTool({ name, arguments: input }, options)
      return { text: renderResult(result), isError: result.isError === true }
    },
  }))
}

interface OpenTransport {
  transport: Transport
  /** The last line about an error that the program printed; empty for none. */
  readComplaint(): string
}

function openTransport(server: McpServers[string]): OpenTransport {
  if ('url' in server) {
    const requestInit = { headers: server.headers }
    const transport = server.isSse
      ? openSse(server)
      : new StreamableHTTPClientTransport(new URL(server.url), { requestInit })
    return { transport, readComplaint: () => '' }
  }
  const { command, args, env, cwd } = server
  // Only what a program needs to run, and what the file gives it: it must not see the keys of this process.
  const given = { ...getDefaultEnvironment(), ...env }
  const transport = new StdioClientTransport({
    ...{ command, args, env: given, stderr: 'pipe' },
    ...(cwd !== undefined && { cwd }),
  })
  let said = ''
  transport.stderr?.on('data', (chunk: unknown) => {
    said = `${said}${chunk}`.slice(-MOST_SAID)
  })
  return {
    transport,
    readComplaint: () => said.split('\n').findLast((line) => /error|cannot/i.test(line)) ?? '',
  }
}

/** The transport of the protocol of 2024-11-05. */
function openSse({ url, headers }: Extract<McpServers[string], { url: string }>): Transport {
  return new SSEClientTransport(new URL(url), { requestInit: { headers } })
}

function shortenLine(text: string): string {
  return toPrintable(text.trim().split('\n')[0] ?? '').slice(0, 200)
}
