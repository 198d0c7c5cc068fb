import type { Env } from '#kit/console/env'
import type { Io } from '#kit/console/process'
import { readMcpConfig } from '../mcp/config.ts'
import { ownTools } from './all.ts'
import { fetchTool } from './fetch.ts'
import { Incident } from './incident.ts'
import type { AgentTool } from './tool.ts'
import { Toolbox } from './toolbox.ts'

export interface ToolOptions {
  /** The folder or file that the tools read. */
  root: string
  /** Where what they file goes. */
  data: string
  allow: readonly string[] | undefined
  fetch: boolean
  mcp: string | undefined
  env: Env
  io: Io
}

/** The tools of a run, for as long as `use` takes: its own, and those of the MCP servers that were asked for. */
export async function withTools<T>(options: ToolOptions, use: (toolbox: Toolbox) => Promise<T>): Promise<T> {
  const { root, data, allow, fetch, mcp } = options
  const incident = await Incident.open(root)
  const own = [...ownTools({ incident, data }), ...(fetch ? [fetchTool()] : [])]
  if (mcp === undefined) return use(new Toolbox(own, allow))
  return withMcp(mcp, options, (tools) => use(new Toolbox([...own, ...tools], allow)))
}

async function withMcp<T>(
  file: string,
  { env, io }: ToolOptions,
  use: (tools: readonly AgentTool[]) => Promise<T>,
): Promise<T> {
  const servers = await readMcpConfig(file, env, io)
  // Loaded when it is needed: most runs have no server.
  const { connectMcp } = await import('../mcp/connect.ts')
  const connections = await connectMcp(servers, io.signal)
  try {
    return await use(connections.tools)
  } finally {
    await connections.close()
  }
}
