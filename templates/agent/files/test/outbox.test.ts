import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPicker } from '#kit/testing/random'
import { deriveIdempotencyKey } from '../src/approval/fingerprint.ts'
import { createOutboxTools } from '../src/tools/outbox.ts'
import { createToolbox } from '../src/tools/toolbox.ts'
import { listTickets, makeFolder, TICKET } from './agent.ts'

const SEED = 32

/** The tools that write, over an empty folder. `file` files a ticket as the call of a run does. */
function openOutbox() {
  const data = makeFolder({})
  const toolbox = createToolbox(createOutboxTools(data))
  const { signal } = new AbortController()
  const use = (tool: string, input: object, run = 'run-1') => {
    const key = deriveIdempotencyKey(run, { tool, input })
    return toolbox.find(tool).prepare(input).run({ signal, key, callId: 'call-1' })
  }
  const read = (folder = 'tickets') =>
    readdirSync(join(data, folder)).map((name) => readFileSync(join(data, folder, name), 'utf8'))
  return { data, read, file: (ticket: object, run?: string) => use('file_ticket', ticket, run), use }
}

describe('a key', () => {
  it('is 32 hex digits, and the same for the same call in the same run, whatever the order of its keys', () => {
    const reversed = Object.fromEntries(Object.entries(TICKET).reverse())
    const key = deriveIdempotencyKey('run-1', { tool: 'file_ticket', input: TICKET })
    expect(key).toMatch(/^[\da-f]{32}$/)
    expect(deriveIdempotencyKey('run-1', { tool: 'file_ticket', input: reversed })).toBe(key)
  })

  it(`is another one for another run, tool or argument: 200 generated calls, seed ${SEED}`, () => {
    const pick = createPicker(SEED)
    const calls = Array.from({ length: 200 }, () => ({
      run: `run-${pick(5)}`,
      tool: ['file_ticket', 'page_on_call'][pick(2)] ?? '',
      input: { title: 'x'.repeat(pick(4)), list: [pick(3), pick(3)] },
    }))
    const keys = calls.map(({ run, ...call }) => deriveIdempotencyKey(run, call))
    const different = new Set(calls.map((call) => JSON.stringify(call))).size
    expect(new Set(keys).size).toBe(different)
  })
})

describe('a ticket', () => {
  it('is filed as JSON with its id and the time, in a folder that is made for it', async () => {
    const { file, read, data } = openOutbox()
    const said = await file(TICKET)
    expect(said).toMatch(/^filed: T-[\da-f]{8}$/)
    const id = said.slice('filed: '.length)
    expect(listTickets(data)).toEqual([`${id}.json`])
    expect(JSON.parse(read()[0] ?? '')).toEqual({
      id,
      filedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      ...TICKET,
    })
  })

  it('that is there already stays as it is, and the answer says so', async () => {
    const { file, read } = openOutbox()
    const first = await file(TICKET)
    const before = read()
    expect(await file(TICKET)).toBe(`${first} (already filed)`)
    expect(read()).toEqual(before)
  })

  it('is another one for other arguments, and in another run; a page goes elsewhere', async () => {
    const { file, use, data } = openOutbox()
    await file(TICKET)
    await file({ ...TICKET, severity: 'sev2' })
    await file(TICKET, 'run-2')
    expect(await use('page_on_call', { service: 'api', message: 'The cache is gone.' })).toMatch(/^filed: P-/)
    expect([listTickets(data).length, readdirSync(join(data, 'pages')).length]).toEqual([3, 1])
  })

  it('is one, with no other file next to it, when eight calls file it at the same moment', async () => {
    const { file, data } = openOutbox()
    const said = await Promise.all(Array.from({ length: 8 }, () => file(TICKET)))
    expect(said.filter((text) => !text.endsWith('(already filed)'))).toHaveLength(1)
    expect(listTickets(data)).toHaveLength(1)
  })

  it('is never seen half written, nor replaced', async () => {
    const { file, data } = openOutbox()
    const seen = new Set<string>()
    let isFiling = true
    const look = async () => {
      while (isFiling) {
        for (const name of listTickets(data).filter((one) => one.endsWith('.json')))
          seen.add(readFileSync(join(data, 'tickets', name), 'utf8'))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const looking = look()
    const ticket = { ...TICKET, summary: 'word '.repeat(800).trim() }
    for (let times = 0; times < 20; times++)
      await Promise.all(Array.from({ length: 4 }, () => file(ticket, `run-${times}`)))
    isFiling = false
    await looking
    for (const text of seen) expect(JSON.parse(text)).toMatchObject({ summary: ticket.summary })
    expect(seen.size).toBeLessThanOrEqual(20)
    expect(listTickets(data)).toHaveLength(20)
  })
})
