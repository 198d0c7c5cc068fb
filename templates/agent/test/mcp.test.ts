import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type McpServers, readMcpConfig } from '#kit/mcp/config'
import { connectMcp } from '#kit/mcp/connect'
import { adaptMcpTool } from '../../../src/tools/mcp.ts'
import { makeFolder, runAgent } from '../../../test/agent.ts'
import { startModel } from '../../../test/model-server.ts'

const program = fileURLToPath(new URL('mcp-stand-in.mjs', import.meta.url))
const { signal } = new AbortController()

async function connected(servers: McpServers) {
  const connections = await connectMcp(servers, signal)
  onTestFinished(() => connections.close())
  return connections.tools.map(adaptMcpTool)
}

async function startHttp(token: string): Promise<string> {
  const child = spawn(process.execPath, [program, '0', token], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  })
  onTestFinished(() => void child.kill())
  const [port] = await once(child.stdout, 'data')
  return `http://127.0.0.1:${String(port).trim()}/mcp`
}

const stdio: McpServers = {
  notes: { command: process.execPath, args: [program], env: {}, readOnly: ['find_*'] },
}

// A key of this process that no server may see.
process.env['OF_THIS_PROCESS_ALONE'] = 'sesame'

describe.each(['stdio', 'http'] as const)('an MCP server over %s', (kind) => {
  const servers = async (): Promise<McpServers> =>
    kind === 'stdio'
      ? stdio
      : {
          notes: {
            url: await startHttp('open-sesame'),
            headers: { Authorization: 'Bearer open-sesame' },
            readOnly: ['find_*'],
          },
        }

  it('gives the agent tools: those that the user says only read are called, the others are asked about', async () => {
    const tools = await connected(await servers())
    expect(tools.map(({ name, effect }) => [name, effect])).toEqual([
      ['notes__find_note', 'read'],
      ['notes__launch', 'write'],
    ])
    const model = await startModel((_, turn) =>
      turn === 1
        ? {
            calls: [
              { tool: 'notes__find_note', input: { words: 'tea' } },
              { tool: 'notes__launch', input: {} },
              { tool: 'notes__find_note', input: {} },
            ],
          }
        : { text: 'Done.' },
    )
    const { state } = await runAgent({ env: model.env, tools })
    expect(state.calls.map(({ result }) => [result?.outcome, result?.output])).toEqual([
      ['ok', 'note about tea, secret unknown'],
      ['denied', expect.any(String)],
      ['error', 'words must be a text'],
    ])
  })

  it('is used by the rules as well', async () => {
    const { state } = await runAgent({
      goal: 'Find the note with the words "green tea"',
      tools: await connected(await servers()),
    })
    expect(state.calls.map(({ tool, input }) => [tool, input])).toEqual([
      ['notes__find_note', { words: 'green tea' }],
    ])
  })
})

it('a server that refuses the token, or is not there, is one line that names it', async () => {
  const url = await startHttp('open-sesame')
  const wrong: McpServers = { tickets: { url, headers: { Authorization: 'Bearer guess' }, readOnly: [] } }
  await expect(connectMcp(wrong, signal)).rejects.toThrow(/^The MCP server tickets cannot be reached/)
  const gone: McpServers = {
    gone: { command: join(makeFolder({}), 'nothing'), args: [], env: {}, readOnly: [] },
  }
  await expect(connectMcp(gone, signal)).rejects.toThrow(/^The MCP server gone cannot be reached/)
})

it('a program that does not start is told with what it said last', async () => {
  const args = [join(makeFolder({}), 'not-built.js')]
  const servers: McpServers = { notes: { command: process.execPath, args, env: {}, readOnly: [] } }
  await expect(connectMcp(servers, signal)).rejects.toThrow(
    /^The MCP server notes cannot be reached: .*; it says: Error: Cannot find module '.*not-built\.js'$/,
  )
})

describe('a file of servers', () => {
  const io = { signal, stdin: process.stdin } as const
  const read = (content: unknown, env = {}) => {
    const path = join(makeFolder({}), 'mcp.json')
    writeFileSync(path, JSON.stringify(content))
    return readMcpConfig(path, env, io)
  }

  it('takes values from the environment, and says which one is missing', async () => {
    const content = {
      mcpServers: {
        x: { url: 'https://x.example/mcp', headers: { Authorization: ['Bearer $', '{TOKEN}'].join('') } },
      },
    }
    expect(await read(content, { TOKEN: 'abc' })).toMatchObject({
      x: { headers: { Authorization: 'Bearer abc' } },
    })
    await expect(read(content)).rejects.toThrow('wants TOKEN')
  })

  it.each([
    { servers: {} },
    { mcpServers: { x: {} } },
    { mcpServers: { 'X y': { command: 'a' } } },
    { mcpServers: { x: { url: 'file:///x' } } },
  ])('that is none is refused: %j', async (content) => {
    await expect(read(content)).rejects.toThrow('is not a list of MCP servers')
  })
})
