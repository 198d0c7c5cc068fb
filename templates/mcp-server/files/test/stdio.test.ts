import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { Io } from '#kit/console/process'
import { Notes } from '../src/notes/notes.ts'
import { serveOverStdio } from '../src/stdio.ts'
import { ERAS, type Era } from './clients.ts'
import { notesFolder, SAMPLE } from './notes-folder.ts'

const _meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** The first message of each era, and what every later one carries. */
const OPENINGS = {
  '2025-11-25': {
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
  },
  '2026-07-28': { method: 'server/discover', params: { _meta } },
}

/** The server at the other end of three streams. */
async function open(era: Era) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const io: Io = { env: {}, directory: '.', stdin, stdout, stderr, signal: AbortSignal.timeout(10_000) }
  const notes = await Notes.open(notesFolder(SAMPLE))
  const served = serveOverStdio({ notes, readOnly: false, report: () => {} }, io)
  let output = ''
  stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  const messages = () =>
    output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  const ask = async (id: number, method: string, params: object = {}) => {
    const all = era === '2026-07-28' ? { ...params, _meta } : params
    stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params: all })}\n`)
    await expect.poll(messages).toContainEqual(expect.objectContaining({ id }))
    return messages().find((message) => message.id === id)
  }
  await ask(1, OPENINGS[era].method, OPENINGS[era].params)
  const end = () => {
    stdin.end()
    return served
  }
  return { ask, end, messages, stdin, stdout, stderr }
}

it.each(ERAS)('answers a client of %s, and ends with its input', async (era) => {
  const { ask, end } = await open(era)
  const call = { name: 'search_notes', arguments: { query: 'roll back' } }
  expect(JSON.stringify(await ask(2, 'tools/call', call))).toContain('Rolling back takes two minutes.')
  await end()
})

it('answers what it received before its input ended', async () => {
  const { end, messages, stdin } = await open('2025-11-25')
  const call = (id: number, name: string, input: object) =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: input } })}`
  stdin.write(`${call(2, 'add_note', { name: 'eof.md', text: 'x' })}\n`)
  // Without a line break, as `printf` sends it.
  stdin.write(call(3, 'search_notes', { query: 'soup' }))
  await end()
  expect(messages().map(({ id }) => id)).toEqual(expect.arrayContaining([1, 2, 3]))
})

it('does not wait for a call that was cancelled', async () => {
  const { end, stdin } = await open('2025-11-25')
  const cancel = { method: 'notifications/cancelled', params: { requestId: 2 } }
  const call = { id: 2, method: 'tools/call', params: { name: 'search_notes', arguments: { query: 'x' } } }
  for (const message of [call, cancel]) stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  await end()
})

it('keeps what others print off standard output', async () => {
  const { ask, end, messages, stdout, stderr } = await open('2026-07-28')
  stdout.write('a forgotten console.log\n')
  await ask(2, 'tools/list')
  expect(messages().map(({ id }) => id)).toEqual([1, 2])
  expect(String(stderr.read())).toContain('a forgotten console.log')
  await end()
})

it('answers a line that is not a message, and goes on', async () => {
  const { ask, end, messages, stdin } = await open('2026-07-28')
  stdin.write('{"jsonrpc": "2.0", "id": 7, "method"\n[1, 2]\n')
  await ask(2, 'tools/list')
  expect(messages().flatMap(({ error }) => error?.code ?? [])).toEqual([-32700, -32600])
  await end()
})
