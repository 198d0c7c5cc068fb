import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { printableText } from '../console/printable.ts'
import type { AgentTool } from '../tools/tool.ts'
import type { McpServers } from './config.ts'
import { mcpTools } from './tools.ts'

const CONNECT_MS = 15_000

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
      await client.connect(transportTo(server), { signal, timeout: CONNECT_MS }).catch((error: unknown) => {
        signal.throwIfAborted()
        throw new McpError(`The MCP server ${name} cannot be reached: ${reasonOf(error)}`)
      })
      tools.push(...(await mcpTools(name, client, server.readOnly)))
    }
    return { tools, close }
  } catch (error) {
    await close()
    throw error
  }
}

function transportTo(server: McpServers[string]): Transport {
  if ('url' in server)
    return new StreamableHTTPClientTransport(new URL(server.url), {
      requestInit: { headers: server.headers },
    })
  const { command, args, env } = server
  // Only what a program needs to run, and what the file gives it: keys of this one are not its business.
  return new StdioClientTransport({
    command,
    args,
    env: { ...getDefaultEnvironment(), ...env },
    stderr: 'ignore',
  })
}

function reasonOf(error: unknown): string {
  return printableText((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '').slice(
    0,
    200,
  )
}
