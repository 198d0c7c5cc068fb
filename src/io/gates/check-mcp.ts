import { type Finding, failing, passed } from '../../core/gates/finding.ts'
import { parseCallResult, parseInitialize, parseTools } from '../../core/gates/mcp.ts'
import type { GateOf } from '../../core/roadmap/schema.ts'
import { counted, listed } from '../../core/words.ts'
import { fetchPublic } from './fetch-public.ts'
import { causeOf } from './github.ts'
import { type McpConnection, overHttp, overStdio } from './mcp-client.ts'
import type { GateWorld } from './world.ts'

const PROTOCOL = '2025-06-18'

/** A real client's first minute: initialize, list the tools, call one. */
export async function checkMcp(gate: GateOf<'mcp'>, world: GateWorld): Promise<Finding> {
  const wanted = `a handshake and ${counted(gate.minTools, 'tool')} or more`
  const timeout = AbortSignal.timeout(gate.timeoutSeconds * 1000)
  const signal = AbortSignal.any([world.signal, timeout])
  const url = gate.variable && world.folder.settings.vars[gate.variable]
  if (gate.variable && !url) return failing('no-handshake', { found: `${gate.variable} is not set`, wanted })
  if (url && !(await isPublic(url, world)))
    return failing('no-handshake', { found: `${url} is no public address`, wanted })
  const connection = url
    ? overHttp(url, world.fetch, signal)
    : overStdio(gate.argv ?? [], world.directory, signal)
  try {
    return await converse(gate, connection, wanted)
  } catch (error) {
    world.signal.throwIfAborted()
    const where = url ?? gate.argv?.join(' ') ?? ''
    if (timeout.aborted)
      return failing('timeout', { found: `no answer in ${gate.timeoutSeconds} s`, wanted, where })
    const isMissing = (error as { code?: string }).code === 'not-started'
    return failing(isMissing ? 'not-installed' : 'no-handshake', { found: causeOf(error), wanted, where })
  } finally {
    connection.close()
  }
}

/** Asked the way a browser would first, so that a local address is refused before anything is posted to it. */
async function isPublic(url: string, world: GateWorld): Promise<boolean> {
  const answer = await fetchPublic(url, { ...world, tries: 1 })
  return answer.kind === 'answered'
}

async function converse(gate: GateOf<'mcp'>, connection: McpConnection, wanted: string): Promise<Finding> {
  const clientInfo = { name: 'ai-eng-starter', version: '1' }
  const started = parseInitialize(
    await connection.request('initialize', { protocolVersion: PROTOCOL, capabilities: {}, clientInfo }),
  )
  await connection.notify('notifications/initialized')
  const names = parseTools(await connection.request('tools/list', {}))
  const data = { server: started.serverInfo, protocol: started.protocolVersion, tools: names }
  if (names.length < gate.minTools)
    return failing('too-few-tools', { found: counted(names.length, 'tool'), wanted, data })
  if (gate.call) {
    const { tool, arguments: given } = gate.call
    const problem = await callProblem(connection, tool, given)
    if (problem)
      return failing('call-failed', { found: `${tool}: ${problem}`, wanted: 'a call that succeeds', data })
  }
  return passed(`${counted(names.length, 'tool')}: ${listed(names, 6)}`, data)
}

async function callProblem(
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
    return causeOf(error)
  }
}
