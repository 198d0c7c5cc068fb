import { describe, expect, it } from 'vitest'
import { setUpProgram, until } from '#kit/testing/program'
import { ERAS } from '../../../../test/clients.ts'
import { notesFolder, SAMPLE } from '../../../../test/notes-folder.ts'

const program = setUpProgram()

/** The opening of each era, and what it is answered with. */
const OPENINGS = {
  '2025-11-25': {
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
  },
  '2026-07-28': { method: 'server/discover', params: { _meta: envelope() } },
}

function envelope() {
  return {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
}

/** A process that is spoken to line by line. */
function talk(env: Record<string, string> = {}) {
  const { child, output, done } = program.start(['stdio', '--notes', notesFolder(SAMPLE)], env, null)
  const messages = () =>
    output.stdout
      .split('\n')
      // What came before the program took standard output over is not its own.
      .filter((line) => line !== '' && line !== 'noise')
      .map((line) => JSON.parse(line))
  const send = (line: string) => child.stdin?.write(`${line}\n`)
  return {
    ...{ child, output, done, send, messages },
    async ask(id: number, message: object) {
      send(JSON.stringify({ jsonrpc: '2.0', id, ...message }))
      await until(() => messages().some((one) => one.id === id))
      return messages().find((one) => one.id === id)
    },
    async end() {
      child.stdin?.end()
      return done
    },
  }
}

describe.each(ERAS)('over standard input and output, for a client of %s', (era) => {
  it('answers, calls a tool, and ends with its input', { timeout: 30_000 }, async () => {
    const { ask, end } = talk()
    expect(await ask(1, OPENINGS[era])).toHaveProperty('result')
    const _meta = era === '2026-07-28' ? { _meta: envelope() } : {}
    const call = { name: 'search_notes', arguments: { query: 'roll back' } }
    const answer = await ask(2, { method: 'tools/call', params: { ...call, ..._meta } })
    expect(JSON.stringify(answer)).toContain('Rolling back takes two minutes.')
    expect(await end()).toMatchObject({ code: 0 })
  })

  it('keeps all other output off standard output', { timeout: 30_000 }, async () => {
    const noise =
      'setInterval(() => { console.log("noise"); console.info("noise"); process.stdout.write("noise\\n") }, 1).unref(); process.emitWarning("careful")'
    const { ask, end, output } = talk({
      NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(noise)}"`,
    })
    await ask(1, OPENINGS[era])
    await until(() => output.stderr.includes('noise'))
    await ask(
      2,
      era === '2026-07-28'
        ? { method: 'tools/list', params: { _meta: envelope() } }
        : { method: 'tools/list' },
    )
    const { stdout } = await end()
    expect(stdout).toContain('{')
    expect(stdout.slice(stdout.indexOf('{'))).not.toContain('noise')
  })

  it('answers what is no message, and goes on', { timeout: 30_000 }, async () => {
    const { ask, send, end, messages } = talk()
    await ask(1, OPENINGS[era])
    send('{"jsonrpc": "2.0", "id": 7, "method"')
    send('[1, 2]')
    send('x'.repeat(5 * 1024 * 1024))
    await until(() => messages().filter(({ id }) => id === null).length === 3)
    const codes = messages()
      .filter(({ id }) => id === null)
      .map(({ error }) => error.code)
    expect(codes).toEqual([-32700, -32600, -32700])
    expect(
      await ask(
        2,
        era === '2026-07-28'
          ? { method: 'tools/list', params: { _meta: envelope() } }
          : { method: 'tools/list' },
      ),
    ).toHaveProperty('result')
    await end()
  })
})

describe('a process for one client', () => {
  it('stops when it is told to', { timeout: 30_000 }, async () => {
    const { ask, child, done } = talk()
    await ask(1, OPENINGS['2025-11-25'])
    child.kill('SIGTERM')
    expect(await done).toMatchObject({ code: 143 })
  })

  it('does not begin without its notes', { timeout: 30_000 }, async () => {
    const { done } = program.start(['stdio', '--notes', 'missing'])
    expect(await done).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('missing does not exist'),
    })
  })
})
