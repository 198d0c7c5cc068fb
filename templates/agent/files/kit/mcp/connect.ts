import type { JSONObject, JSONSchema7 } from '@ai-sdk/provider'
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import * as z from 'zod'
import { isRecord } from '#kit/console/json'
import { toPrintable } from '#kit/console/printable'
import type { McpServers } from './config.ts'

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
      // Servers of both protocol eras are in use: the newer is tried first.
      const client = new Client({ name: 'agent', version: '0.1.0' }, { versionNegotiation: { mode: 'auto' } })
      clients.push(client)
      const { transport, readComplaint } = openTransport(server)
      await client.connect(transport, { signal, timeout: CONNECT_MS }).catch((error: unknown) => {
        signal.throwIfAborted()
        const reasons = [error instanceof Error ? error.message : String(error), readComplaint()]
        const why = reasons.filter(Boolean).map(shortenLine).join('; it says: ')
        throw new McpError(`The MCP server ${name} cannot be reached: ${why}`)
      })
      tools.push(...(await listTools(client, { server: name, readOnly: server.readOnly })))
    }
    return { tools, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function listTools(client: Client, about: Pick<McpTool, 'server' | 'readOnly'>): Promise<McpTool[]> {
  const { tools } = await client.listTools()
  return tools.map(({ name, title, description = title ?? name, inputSchema: schema }) => ({
    ...about,
    ...{ name, description, schema: inputSchema.parse(schema) },
    call: async (input, options) => {
      const result = await client.callTool({ name, arguments: input }, options)
      const text = result.content
        .map((part) => (part.type === 'text' ? part.text : `(${part.type})`))
        .join('\n')
      if (result.isError) return { text, isError: true }
      return { text: text || JSON.stringify(result.structuredContent ?? {}), isError: false }
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
    const transport = new StreamableHTTPClientTransport(new URL(server.url), { requestInit })
    return { transport, readComplaint: () => '' }
  }
  const { command, args, env } = server
  // Only what a program needs to run, and what the file gives it: it must not see the keys of this process.
  const given = { ...getDefaultEnvironment(), ...env }
  const transport = new StdioClientTransport({ command, args, env: given, stderr: 'pipe' })
  let said = ''
  transport.stderr?.on('data', (chunk: unknown) => {
    said = `${said}${chunk}`.slice(-MOST_SAID)
  })
  return {
    transport,
    readComplaint: () => said.split('\n').findLast((line) => /error|cannot/i.test(line)) ?? '',
  }
}

function shortenLine(text: string): string {
  return toPrintable(text.trim().split('\n')[0] ?? '').slice(0, 200)
}
