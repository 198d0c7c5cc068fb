import { execFileSync } from 'node:child_process'
import { linkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { McpTool } from '#kit/mcp/connect'
import { createTools } from '../src/tools/all.ts'
import { Incident } from '../src/tools/incident.ts'
import { adaptMcpTools } from '../src/tools/mcp.ts'
import { ToolError } from '../src/tools/tool.ts'
import { createToolbox, matches } from '../src/tools/toolbox.ts'
import { FILES, makeFolder } from './agent.ts'

async function toolsOver(files = FILES, data = makeFolder({})) {
  const root = makeFolder(files)
  const toolbox = createToolbox(createTools({ incident: await Incident.open(root), data }))
  const { signal } = new AbortController()
  const use = (name: string, input: unknown = {}, key = 'k'.repeat(32)) =>
    toolbox.find(name).prepare(input).run({ signal, key, callId: 'call-1' })
  return { root, use }
}

describe('read_file', () => {
  it('gives lines with their places, and says how many are left', async () => {
    const { use } = await toolsOver()
    expect(await use('read_file', { path: 'logs/api.log', from_line: 2, max_lines: 1 })).toBe(
      'logs/api.log:2: 2026-01-05T10:00:05Z ERROR api: cache is gone key=7\n1 more lines',
    )
    await expect(use('read_file', { path: 'logs/api.log', from_line: 9 })).rejects.toThrow('has 3 lines')
  })

  it('follows no link, reads no pipe, no binary, and does not wait', { timeout: 5_000 }, async () => {
    const { root, use } = await toolsOver()
    const outside = join(makeFolder({ 'secret.md': 'secret' }), 'secret.md')
    symlinkSync(outside, join(root, 'link.md'))
    linkSync(outside, join(root, 'hard.md'))
    symlinkSync(join(outside, '..'), join(root, 'linked'))
    symlinkSync(join(root, 'loop.md'), join(root, 'loop.md'))
    execFileSync('mkfifo', [join(root, 'pipe.log')])
    writeFileSync(join(root, 'binary.log'), Buffer.from([0, 1, 2, 255]))
    for (const path of [
      'link.md',
      'hard.md',
      'linked/secret.md',
      'loop.md',
      'pipe.log',
      'binary.log',
      'LOGS/API.LOG',
    ])
      await expect(use('read_file', { path })).rejects.toThrow('cannot be read')
    expect(await use('list_files')).not.toMatch(/link|hard|loop|pipe/)
    expect(await use('search_files', { text: 'secret' })).toBe(
      'matches: 0\nleft out: "binary.log" cannot be read: binary, or text in another encoding than UTF-8',
    )
  })

  it('reads one file alone when the incident is one', async () => {
    const root = makeFolder({ 'a.md': 'one', 'b.md': 'two' })
    const incident = await Incident.open(join(root, 'a.md'))
    const { signal } = new AbortController()
    expect(await incident.list(signal)).toEqual(['a.md'])
    await expect(incident.readLines('b.md', signal)).rejects.toThrow('the only file here is a.md')
  })
})

describe('summarise_errors', () => {
  it('counts errors, groups messages that differ in numbers and ids, and names the service', async () => {
    const { use } = await toolsOver()
    const text = await use('summarise_errors')
    for (const line of [
      'errors: 2 of 3 lines',
      'error share: 66.7',
      'failing service: api',
      'top error: cache is gone',
    ])
      expect(text.split('\n')).toContain(line)
    expect(text).toContain('2 times: logs/api.log:2: ')
  })

  it.each([
    ['JSON lines', '{"time":"2026-01-05T10:00:05Z","level":"error","service":"pay","msg":"card refused"}'],
    ['numbers for time and level', '{"time":1767607205000,"level":50,"name":"pay","msg":"card refused"}'],
    ['brackets', '2026/01/05 10:00:05 [error] 12#12: pay: card refused'],
    ['pairs', 'time=2026-01-05T10:00:05Z level=error msg="pay: card refused"'],
    ['small letters after the time', '2026-01-05 10:00:05,123 error pay: card refused'],
  ])('counts errors that are written as %s', async (_, line) => {
    const { use } = await toolsOver({ 'logs/app.jsonl': line, 'services.json': '[]' })
    const text = await use('summarise_errors')
    expect(text).toMatch(/^errors: 1 of 1 lines/)
    expect(text).toContain('card refused')
    expect(text).toContain('busiest minute: 2026-01-05T10:00 with 1 errors')
  })

  it('takes no word of a message for a level, nor for a service', async () => {
    const { use } = await toolsOver({
      'logs/disk.log': [
        '2026-01-05T10:00:05Z INFO no error: all is well',
        '2026-01-05T10:00:06Z ERROR read-only file system: /data',
        '    at write (disk.js:1)',
      ].join('\n'),
    })
    const lines = (await use('summarise_errors')).split('\n')
    for (const line of [
      'errors: 1 of 2 lines',
      'failing service: disk',
      'top error: read-only file system: /data',
      'not counted: 1 lines without a time and a level',
    ])
      expect(lines).toContain(line)
  })

  it('believes a name that the catalogue has, and no other', async () => {
    const services = (name: string) => JSON.stringify([{ name, owner: 'team', tier: 1 }])
    const log = '2026-01-05T10:00:05Z ERROR pay-api: card refused'
    const failing = async (name: string) => {
      const { use } = await toolsOver({ 'logs/all.log': log, 'services.json': services(name) })
      return /failing service: (.*)/.exec(await use('summarise_errors'))?.[1]
    }
    expect([await failing('pay-api'), await failing('other')]).toEqual(['pay-api', 'all'])
  })

  it('reads on over a byte that is no UTF-8 and through a log of ten megabytes, and names what it leaves out', async () => {
    const line = '2026-01-05T10:00:05Z ERROR pay: card of M\u00fcller refused\n'
    const { root, use } = await toolsOver({ 'logs/pay.log': '' })
    writeFileSync(join(root, 'logs/pay.log'), Buffer.from(line, 'latin1'))
    writeFileSync(join(root, 'logs/big.log'), line.repeat(Math.ceil(10_000_000 / line.length)))
    writeFileSync(join(root, 'logs/utf16.log'), Buffer.from(`\ufeff${line}`, 'utf16le'))
    const text = await use('summarise_errors')
    expect(text).toMatch(/^errors: 1\d{5} of/)
    expect(text).toContain('left out: "logs/utf16.log" cannot be read: UTF-16 text')
  })

  it('says so when there is nothing to count', async () => {
    const { use } = await toolsOver({ 'notes.md': 'no log' })
    await expect(use('summarise_errors')).rejects.toThrow('not logs that can be counted')
  })
})

describe('a folder', () => {
  it.each(['', '.', './', '/', 'logs', './logs', 'logs/', '/logs//'])(
    '%j may be named however',
    async (folder) => {
      const { use } = await toolsOver()
      expect(await use('list_files', { folder })).toContain('logs/api.log')
    },
  )

  it('that is not there is an error that names those that are', async () => {
    const { use } = await toolsOver()
    const problem = 'There is no folder "nope". There are: logs, runbooks'
    await expect(use('list_files', { folder: 'nope' })).rejects.toThrow(problem)
    await expect(use('search_files', { folder: 'nope', text: 'x' })).rejects.toThrow(problem)
  })
})

describe('search_runbooks', () => {
  it('finds what can be read, and names what cannot', async () => {
    const { root, use } = await toolsOver()
    writeFileSync(join(root, 'runbooks/old.md'), Buffer.from('# K\u00e4fer\n', 'latin1'))
    const text = await use('search_runbooks', { question: 'the cache is gone' })
    expect(text).toContain('Restart it.')
    expect(text).toContain('left out: "runbooks/old.md" cannot be read: not UTF-8 text')
  })
})

describe('look_up_service', () => {
  it('knows who needs whom, and names what there is when there is no such service', async () => {
    const services = [
      { name: 'web', owner: 'a', tier: 1, dependsOn: ['db'] },
      { name: 'db', owner: 'b', tier: 2 },
    ]
    const { use } = await toolsOver({ 'services.json': JSON.stringify(services) })
    expect(await use('look_up_service', { name: 'DB' })).toContain('needed by: web')
    await expect(use('look_up_service', { name: 'x' })).rejects.toThrow('There are: web, db')
  })

  it('says what is wrong with a catalogue that is none', async () => {
    const { use } = await toolsOver({ 'services.json': '{"name": 1}' })
    await expect(use('look_up_service', { name: 'x' })).rejects.toThrow('not a catalogue')
  })
})

describe('a tool of an MCP server', () => {
  const launch: McpTool = {
    ...{ server: 'ship', readOnly: ['look_*'], name: 'launch', description: 'Launches.', schema: {} },
    call: async (input) => ({ text: JSON.stringify(input), isError: Object.keys(input).length === 0 }),
  }
  const context = { signal: new AbortController().signal, key: 'k', callId: 'c' }

  it('asks, unless the user says that it only reads', () => {
    const [asks, reads] = adaptMcpTools([launch, { ...launch, name: 'look_out' }])
    expect(asks).toMatchObject({ name: 'ship__launch', effect: 'write', idempotent: false })
    expect(reads?.effect).toBe('read')
  })

  it('has a name of its own, also where two are the same after cleaning and cutting', async () => {
    const long = 'export_all_customer_records_of_the_warehouse_to_the_primary_'
    const tools = ['user.get', 'user_get', `${long}archive`, `${long}trash_can`, 'look.out'].map((name) => ({
      ...launch,
      ...{ name, description: `does ${name}`, call: async () => ({ text: name, isError: false }) },
    }))
    const adapted = adaptMcpTools(tools)
    const names = adapted.map(({ name }) => name)
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(5)
    for (const name of names) expect(name).toMatch(/^[\w-]{1,64}$/)
    expect(names.at(-1)).toBe('ship__look_out')
    const reversed = adaptMcpTools(tools.toReversed()).map(({ name }) => name)
    expect(reversed.toReversed()).toEqual(names)
    const toolbox = createToolbox(adapted)
    for (const [index, name] of names.entries()) {
      expect(toolbox.find(name).description).toContain(`does ${tools[index]?.name}`)
      expect(await toolbox.find(name).prepare({}).run(context)).toBe(tools[index]?.name)
    }
  })

  it('gets an object, and its failure is an answer to the model', async () => {
    const [tool] = adaptMcpTools([launch])
    const prepare = (input: unknown) => (tool ?? expect.fail()).prepare(input)
    expect(await prepare({ to: 'moon' }).run(context)).toBe('{"to":"moon"}')
    await expect(prepare({}).run(context)).rejects.toThrow(ToolError)
    expect(() => prepare('moon')).toThrow('an object is wanted')
  })
})

it('a star in a pattern is any text, and nothing else is special', () => {
  expect(matches('docs__*', 'docs__search')).toBe(true)
  expect(matches('*', '')).toBe(true)
  expect(matches('a.c', 'abc')).toBe(false)
  expect(matches('read', 'read_file')).toBe(false)
})
