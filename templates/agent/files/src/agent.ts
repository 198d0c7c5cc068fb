import type { Env } from '#kit/console/env'
import { type Io, note } from '#kit/console/process'
import { type Llm, openLlm, requireToolCalls } from '#kit/llm/model'
import { readMcpConfig } from '#kit/mcp/config'
import { heuristicTasks } from '#kit/offline/next-step'
import { traceAgent, traceToolbox } from '#kit/otel/agent'
import { traceLlm } from '#kit/otel/chat'
import { runLoop } from './loop.ts'
import { createTools } from './tools/all.ts'
import { fetchTool } from './tools/fetch.ts'
import { Incident } from './tools/incident.ts'
import { adaptMcpTools } from './tools/mcp.ts'
import { createToolbox, type Toolbox } from './tools/toolbox.ts'

/** The loop, with a span `invoke_agent incident` around it. */
export const runAgent = traceAgent('incident', runLoop)

/** The model that the environment names, with a span around each call. Throws a ConfigError for one without tools. */
export async function openAgentLlm(env: Env, io: Io): Promise<Llm> {
  const llm = await openLlm({ env, tasks: heuristicTasks, announce: (line) => note(io, line) })
  return traceLlm(requireToolCalls(llm))
}

export interface ToolOptions {
  /** The folder or file that the tools read. */
  root: string
  /** The folder for what they file. */
  data: string
  allow: readonly string[] | undefined
  /** Whether to add the tool that fetches web pages. */
  fetch: boolean
  /** A file of MCP servers whose tools to add. */
  mcp: string | undefined
  env: Env
  io: Io
}

/**
 * Opens the tools of a run for as long as `use` takes: the agent's own, and those of the MCP servers that the
 * options name.
 */
export async function withTools<T>(options: ToolOptions, use: (toolbox: Toolbox) => Promise<T>): Promise<T> {
  const { root, data, allow, fetch, mcp, env, io } = options
  const own = [...createTools({ incident: await Incident.open(root), data }), ...(fetch ? [fetchTool()] : [])]
  if (mcp === undefined) return use(traceToolbox(createToolbox(own, allow)))
  const servers = await readMcpConfig(mcp, env, io, (line) => note(io, line))
  // Loaded on demand: most runs use no server.
  const { connectMcp } = await import('#kit/mcp/connect')
  const connections = await connectMcp(servers, io.signal)
  try {
    const tools = [...own, ...adaptMcpTools(connections.tools)]
    return await use(traceToolbox(createToolbox(tools, allow)))
  } finally {
    await connections.close()
  }
}
