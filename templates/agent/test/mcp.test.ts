import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type McpServers, readMcpConfig } from '#kit/mcp/config'
import { connectMcp } from '#kit/mcp/connect'
import { renderResult } from '#kit/mcp/content'
import { adaptMcpTools } from '../../../src/tools/mcp.ts'
import { makeFolder, runAgent } from '../../../test/agent.ts'
import { startModel } from '../../../test/model-server.ts'

const program = fileURLToPath(new URL('mcp-stand-in.mjs', import.meta.url))
const { signal } = new AbortController()

async function connected(servers: McpServers) {
  const connections = await connectMcp(servers, signal)
  onTestFinished(() => connections.close())
  return adaptMcpTools(connections.tools)
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

it('a server of the older transport alone is reached over it', async () => {
  const child = spawn(process.execPath, [program, '0', 'open-sesame', 'sse'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill())
  const [port] = await once(child.stdout, 'data')
  const url = `http://127.0.0.1:${String(port).trim()}/sse`
  const headers = { Authorization: 'Bearer open-sesame' }
  for (const isSse of [false, true]) {
    const { tools } = await connectMcp({ old: { url, headers, readOnly: [], isSse } }, signal)
    const result = await tools[0]?.call({ words: 'tea' }, { signal, timeout: 5_000 })
    expect(result?.text).toContain('note about tea')
  }
  const bad: McpServers = { old: { url: url.replace('/sse', '/nothing'), headers, readOnly: [] } }
  await expect(connectMcp(bad, signal)).rejects.toThrow(/old cannot be reached: .*404/)
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

  const one = { command: 'node', args: ['s.mjs'], env: {}, readOnly: [] }

  it.each([
    [{ mcpServers: { odd: { type: 'stdio', command: 'node', args: ['s.mjs'] } } }, { odd: one }],
    [
      { mcpServers: { odd: { command: 'node', args: ['s.mjs'], cwd: '/tmp' } } },
      { odd: { ...one, cwd: '/tmp' } },
    ],
    [{ mcpServers: { brave_search: { command: 'node', args: ['s.mjs'] } } }, { brave_search: one }],
    [{ mcpServers: { 'My Server': { command: 'node', args: ['s.mjs'], env: null } } }, { 'My Server': one }],
    [{ servers: { odd: { type: 'stdio', command: 'node', args: ['s.mjs'] } }, inputs: [] }, { odd: one }],
    [{ mcp: { servers: { odd: { command: 'node', args: ['s.mjs'] } } }, 'editor.tabSize': 2 }, { odd: one }],
    [{ mcpServers: { odd: { command: 'node', args: ['s.mjs'], timeout: 60, gallery: true } } }, { odd: one }],
    [
      { mcpServers: { x: { type: 'streamableHttp', url: 'http://127.0.0.1:1/mcp' } } },
      { x: { url: 'http://127.0.0.1:1/mcp', headers: {}, readOnly: [] } },
    ],
    [
      { mcpServers: { x: { transport: 'sse', url: 'http://127.0.0.1:1/sse' } } },
      { x: { url: 'http://127.0.0.1:1/sse', headers: {}, readOnly: [], isSse: true } },
    ],
  ])('of another client is taken as it is: %j', async (content, servers) => {
    expect(await read(content)).toEqual(servers)
  })

  it('has comments and last commas, as editors write them', async () => {
    const path = join(makeFolder({}), 'mcp.json')
    const text = `{ // servers, of all clients
      "mcpServers": { "odd": { "command": "node", "args": ["s.mjs", /* two */ "http://a//b,]"], }, },
    }`
    writeFileSync(path, text)
    expect(await readMcpConfig(path, {}, io)).toEqual({ odd: { ...one, args: ['s.mjs', 'http://a//b,]'] } })
  })

  const fill = (inside: string) => ['$', `{${inside}}`].join('')
  it.each([
    [fill('TOKEN'), 'abc'],
    [fill('env:TOKEN'), 'abc'],
    [fill('input:notes-token'), 'def'],
    [fill('input:colour'), 'blue'],
    [fill('ABSENT:-http://x'), 'http://x'],
    [fill('TOKEN:-x'), 'abc'],
    [fill('ABSENT:-'), ''],
    ['$TOKEN and $(TOKEN)', '$TOKEN and $(TOKEN)'],
  ])('has variables in the form %s', async (value, filled) => {
    const inputs = [
      { id: 'notes-token', type: 'promptString' },
      { id: 'colour', default: 'blue' },
    ]
    const env = { TOKEN: 'abc', NOTES_TOKEN: 'def' }
    const server = { command: 'node', args: [value], env: { GIVEN: value } }
    expect(await read({ servers: { x: server }, inputs }, env)).toMatchObject({
      x: { args: [filled], env: { GIVEN: filled } },
    })
  })

  it('leaves a variable of the program to the program', async () => {
    const server = { command: 'npx', args: [`Authorization:${fill('HEADER')}`], env: { HEADER: 'Bearer x' } }
    expect(await read({ mcpServers: { x: server } })).toMatchObject({ x: { args: server.args } })
  })

  it.each([
    [fill('input:api-key'), /wants the input "api-key".*/],
    [fill('command:pick.one'), /has the variable .*command:pick\.one.*only its own client can fill in/],
    [fill('env:ABSENT'), 'wants ABSENT'],
  ])('names the variable %s, which it cannot fill in', async (value, message) => {
    await expect(read({ mcpServers: { x: { url: value } } })).rejects.toThrow(message)
  })

  it('leaves out a disabled server, and says what it does not use', async () => {
    const path = join(makeFolder({}), 'mcp.json')
    const off = { command: 'node', disabled: true, env: { A: fill('ABSENT') } }
    writeFileSync(
      path,
      JSON.stringify({ mcpServers: { off, on: { command: 'node', autoApprove: ['launch'] } } }),
    )
    const said: string[] = []
    expect(Object.keys(await readMcpConfig(path, {}, io, (line) => said.push(line)))).toEqual(['on'])
    expect(said).toEqual([
      `${path}: off is disabled and not started`,
      `${path}: on: autoApprove is not used here; what needs no question here is in readOnly and --approve`,
    ])
  })

  it.each([
    [{ other: 1 }, 'neither "mcpServers" nor "servers"'],
    [{ mcpServers: { x: {} } }, 'x: needs a command or a url'],
    [{ mcpServers: { x: { command: 'a', url: 'http://a' } } }, 'x: needs a command or a url'],
    [{ mcpServers: { x: { type: 'stdio', url: 'http://a' } } }, 'x.type: "http" or "sse" fits'],
    [{ mcpServers: { x: { type: 'carrier-pigeon', command: 'a' } } }, 'found "carrier-pigeon"'],
    [{ mcpServers: { 'X\ny': { command: 'a' } } }, 'a name has 1 to 100 characters'],
    [{ mcpServers: { x: { url: 'file:///x' } } }, 'x.url: "file:///x" is no http'],
    [{ mcpServers: { x: { command: 'a', args: 'b' } } }, 'x.args: '],
  ])('that is none is refused: %j', async (content, message) => {
    await expect(read(content)).rejects.toThrow('is not a list of MCP servers')
    await expect(read(content)).rejects.toThrow(message)
  })
})

describe('what a tool gave', () => {
  it('reaches the model whole: embedded texts, links and data, and bytes by type and size', () => {
    const base64 = Buffer.from('{"a":1}').toString('base64')
    const content = [
      { type: 'text', text: 'downloaded' },
      { type: 'resource', resource: { uri: 'repo://x/a.md', mimeType: 'text/plain', text: 'The deploy.' } },
      { type: 'resource', resource: { uri: 'repo://x/a.json', mimeType: 'application/json', blob: base64 } },
      { type: 'resource', resource: { uri: 'repo://x/a.bin', blob: base64 } },
      { type: 'resource_link', uri: 'file:///q3.csv', name: 'q3.csv', size: 9, description: 'Sales.' },
      { type: 'image', mimeType: 'image/png', data: base64 },
    ] as const
    expect(renderResult({ content: [...content], structuredContent: { rows: [1, 2] } })).toBe(
      [
        'downloaded',
        '(resource repo://x/a.md, text/plain)\nThe deploy.',
        '(resource repo://x/a.json, application/json)\n{"a":1}',
        '(resource repo://x/a.bin, 7 bytes, not shown)',
        '(link to q3.csv: file:///q3.csv, 9 bytes) Sales.',
        '(image, image/png, 7 bytes, not shown)',
        '{"rows":[1,2]}',
      ].join('\n'),
    )
  })

  it('has data once, where a text already is that data', () => {
    const content = [{ type: 'text' as const, text: '{ "b": [1], "a": 2 }' }]
    expect(renderResult({ content, structuredContent: { a: 2, b: [1] } })).toBe(content[0]?.text)
    const image = { type: 'image' as const, mimeType: 'image/png', data: 'iVBORw0K' }
    const wrapped = {
      content: [image, ...content],
      structuredContent: { content: [image], more: 'new data' },
    }
    expect(renderResult(wrapped)).toContain('"data":"(6 bytes, not shown)"')
    const plain = { type: 'text' as const, text: 'Wrote a.txt, 12 bytes' }
    for (const [data, isShown] of [
      [{ content: 'Wrote a.txt, 12 bytes\n' }, false],
      [{ name: 'a.txt', bytes: 12 }, false],
      [{ name: 'a.txt', bytes: 1 }, true],
      [{ bytes: 12 }, true],
      [{ name: 'b.txt' }, true],
    ] as const)
      expect(renderResult({ content: [plain], structuredContent: data }).includes('{')).toBe(isShown)
    expect(renderResult({ content: [] })).toBe('(an empty result)')
  })
})
