import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FactsOf, GateOf } from '../../core/gates/kinds.ts'
import { parseCallResult, parseInitialize, parseTools } from '../../core/gates/mcp-messages.ts'
import { describeCause } from './cause.ts'
import { fetchPublic } from './fetch-public.ts'
import { connectHttp, connectStdio, type McpConnection } from './mcp-client.ts'
import type { GateWorld } from './world.ts'

type McpGate = GateOf<'mcp'>
type Session = Pick<FactsOf<'mcp'>, 'session' | 'callProblem'>

const PROTOCOL = '2025-06-18'
const NO_SESSION: Session = { session: null, callProblem: undefined }

/** Talks to the server as a client does when it connects. */
export async function gatherMcp(gate: McpGate, world: GateWorld): Promise<FactsOf<'mcp'>> {
  const url = gate.variable && world.folder.settings.vars[gate.variable]
  const isPublic = url ? await isReachable(url, world) : false
  if ((gate.variable && !url) || (url && !isPublic)) return { url, isPublic, problem: null, ...NO_SESSION }
  const timeout = AbortSignal.timeout(gate.timeoutSeconds * 1000)
  const signal = AbortSignal.any([world.signal, timeout])
  const connection = url
    ? connectHttp(url, world.fetch, signal)
    : connectStdio(gate.argv ?? [], world.directory, signal)
  try {
    return { url, isPublic, problem: null, ...(await startSession(gate, connection)) }
  } catch (error) {
    world.signal.throwIfAborted()
    const isMissing = (error as { code?: string }).code === 'not-started' || (!url && lacksPackages(world))
    const kind = timeout.aborted ? 'late' : isMissing ? 'not-started' : 'protocol'
    return { url, isPublic, problem: { kind, reason: describeCause(error) }, ...NO_SESSION }
  } finally {
    connection.close()
  }
}

/** A fresh clone: whatever its server prints, it says nothing about the server. */
function lacksPackages({ directory }: GateWorld): boolean {
  return existsSync(join(directory, 'package.json')) && !existsSync(join(directory, 'node_modules'))
}

/** Sends a GET request first, so that a local address is refused before anything is posted to it. */
async function isReachable(url: string, world: GateWorld): Promise<boolean> {
  const answer = await fetchPublic(url, { ...world, tries: 1 })
  return answer.kind === 'answered'
}

async function startSession({ minTools, call }: McpGate, connection: McpConnection): Promise<Session> {
  const clientInfo = { name: 'ai-eng-starter', version: '1' }
  const started = parseInitialize(
    await connection.request('initialize', { protocolVersion: PROTOCOL, capabilities: {}, clientInfo }),
  )
  await connection.notify('notifications/initialized')
  const tools = parseTools(await connection.request('tools/list', {}))
  const session = { server: started.serverInfo, protocol: started.protocolVersion, tools }
  if (!call || tools.length < minTools) return { session, callProblem: undefined }
  return { session, callProblem: await findCallProblem(connection, call.tool, call.arguments) }
}

async function findCallProblem(
  connection: McpConnection,
  name: string,
  given: object,
): Promise<string | undefined> {
  try {
    const { isError, text } = parseCallResult(
      await connection.request('tools/call', { name, arguments: given }),
    )
    return isError ? text : undefined
  } catch (error) {
    return describeCause(error)
  }
}
