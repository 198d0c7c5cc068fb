import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { printableText } from '#kit/console/printable'
import type { AgentTool } from '../tools/tool.ts'
import type { McpServers } from './config.ts'
import { mcpTools } from './tools.ts'

const CONNECT_MS = 15_000
const MOST_SAID = 10_000

/** A server that cannot be used. Exit code 1. */
class McpError extends Error {
  override readonly name = 'McpError'
  readonly hint = 'Start it by itself and look at what it says, or take it out of the file.'
}

export interface McpConnections {
  tools: AgentTool[]
  close(): Promise<void>
}

/** Connects to every server and gives their tools, named `server__tool`. Throws when one of them does not answer; then none stays open. */
export async function connectMcp(servers: McpServers, signal: AbortSignal): Promise<McpConnections> {
  const clients: Client[] = []
  const close = async () => void (await Promise.allSettled(clients.map((client) => client.close())))
  const tools: AgentTool[] = []
  try {
    for (const [name, server] of Object.entries(servers)) {
      // Servers of both eras are about: the newer is asked for first.
      const client = new Client({ name: 'agent', version: '0.1.0' }, { versionNegotiation: { mode: 'auto' } })
      clients.push(client)
      const { transport, complaint } = wayTo(server)
      await client.connect(transport, { signal, timeout: CONNECT_MS }).catch((error: unknown) => {
        signal.throwIfAborted()
        const why = [messageOf(error), complaint()].filter(Boolean).map(oneLine).join('; it says: ')
        throw new McpError(`The MCP server ${name} cannot be reached: ${why}`)
      })
      tools.push(...(await mcpTools(name, client, server.readOnly)))
    }
    return { tools, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface Way {
  transport: Transport
  /** What the program said last about an error; empty for nothing. */
  complaint(): string
}

function wayTo(server: McpServers[string]): Way {
  if ('url' in server) {
    const requestInit = { headers: server.headers }
    const transport = new StreamableHTTPClientTransport(new URL(server.url), { requestInit })
    return { transport, complaint: () => '' }
  }
  const { command, args, env } = server
  // Only what a program needs to run, and what the file gives it: keys of this one are not its business.
  const given = { ...getDefaultEnvironment(), ...env }
  const transport = new StdioClientTransport({ command, args, env: given, stderr: 'pipe' })
  let said = ''
  transport.stderr?.on('data', (chunk: unknown) => {
    said = `${said}${chunk}`.slice(-MOST_SAID)
  })
  return { transport, complaint: () => said.split('\n').findLast((line) => /error|cannot/i.test(line)) ?? '' }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function oneLine(text: string): string {
  return printableText(text.trim().split('\n')[0] ?? '').slice(0, 200)
}
