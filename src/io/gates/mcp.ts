import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describeNetworkFailure } from '../../../templates/_shared/net/files/kit/net/failure.ts'
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
  const { isPublic, problem } = url ? await findObstacle(url, world) : LOCAL
  if ((gate.variable && !url) || (url && (!isPublic || problem)))
    return { url, isPublic, problem, ...NO_SESSION }
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
    const reason =
      url && error instanceof TypeError ? describeNetworkFailure(error, url) : describeCause(error)
    return { url, isPublic, problem: { kind, reason }, ...NO_SESSION }
  } finally {
    connection.close()
  }
}

const LOCAL: Pick<FactsOf<'mcp'>, 'isPublic' | 'problem'> = { isPublic: false, problem: null }

/** A fresh clone: whatever its server prints, it says nothing about the server. */
function lacksPackages({ directory }: GateWorld): boolean {
  return existsSync(join(directory, 'package.json')) && !existsSync(join(directory, 'node_modules'))
}

/** Sends a GET request first, so that a local address is refused before anything is posted to it. */
async function findObstacle(url: string, world: GateWorld): Promise<typeof LOCAL> {
  const answer = await fetchPublic(url, { ...world, tries: 1 })
  if (answer.kind === 'no-answer')
    return { isPublic: true, problem: { kind: 'protocol', reason: answer.reason } }
  return { isPublic: answer.kind === 'answered', problem: null }
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
