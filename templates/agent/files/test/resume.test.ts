import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { InputError } from '#kit/console/errors'
import { RunLog, readRun } from '#kit/runs/log'
import { runEvent } from '../src/run/events.ts'
import { deriveState, listPendingCalls } from '../src/run/state.ts'
import type { AgentTool } from '../src/tools/tool.ts'
import { listTickets, makeFolder, runAgent } from './agent.ts'

const GOAL = `1. Count the errors in the logs.
2. Look up the service "{failing service}" in the catalogue.
3. File a ticket with the title "{failing service}: {top error}", service "{failing service}", severity sev3 and summary "{errors} since {first error}."`

describe('a run that was killed', () => {
  it('anywhere goes on to the same end, does nothing twice, and its log is whole', {
    timeout: 60_000,
  }, async () => {
    const root = makeFolder()
    const whole = await runAgent({ goal: GOAL, root, approve: ['file_ticket'] })
    expect(whole.tickets).toHaveLength(1)
    const lines = whole.text.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(10)
    const calledAt = whole.events.findLastIndex(({ type }) => type === 'called')
    const ticket = whole.tickets[0] ?? ''
    const content = readFileSync(join(whole.data, 'tickets', ticket), 'utf8')
    for (let kept = 1; kept < lines.length; kept++) {
      const data = makeFolder({})
      mkdirSync(join(data, 'runs'))
      // Killed in the middle of the next line; a ticket that was on its way may have been filed.
      const cut = (lines[kept] ?? '').slice(0, 20)
      writeFileSync(join(data, 'runs', `${whole.id}.jsonl`), `${lines.slice(0, kept).join('\n')}\n${cut}`)
      if (kept > calledAt) {
        mkdirSync(join(data, 'tickets'))
        writeFileSync(join(data, 'tickets', ticket), content)
      }
      const { state, tickets, text } = await runAgent({
        root,
        data,
        resume: whole.id,
        approve: ['file_ticket'],
      })
      expect({ kept, reason: state.stopped?.reason, tickets }).toEqual({
        kept,
        reason: 'done',
        tickets: [ticket],
      })
      if (kept > calledAt) expect(readFileSync(join(data, 'tickets', ticket), 'utf8')).toBe(content)
      expect(state.calls.map(({ tool, result }) => [tool, result?.outcome])).toEqual(
        whole.state.calls.map(({ tool, result }) => [tool, result?.outcome]),
      )
      for (const line of text.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
    }
  })

  it('during a write that cannot be repeated does not repeat it, and tells the model', async () => {
    let times = 0
    const launch: AgentTool = {
      ...{ name: 'launch', description: 'Launches the ship "x".', effect: 'write', idempotent: false },
      schema: z.strictObject({}),
      prepare: () => ({ input: {}, run: async () => `launched ${++times}` }),
    }
    const run = { goal: 'Launch the ship', tools: [launch], approve: ['*'] }
    const first = await runAgent(run)
    expect(times).toBe(1)
    const lines = first.text.trimEnd().split('\n')
    const upToCalled = lines.slice(0, first.events.findIndex(({ type }) => type === 'called') + 1)
    writeFileSync(join(first.data, 'runs', `${first.id}.jsonl`), `${upToCalled.join('\n')}\n`)
    const second = await runAgent({ ...run, data: first.data, resume: first.id })
    expect(times).toBe(1)
    expect(second.state.calls[0]?.result).toMatchObject({
      outcome: 'error',
      output: expect.stringContaining('may or may not have happened'),
    })
  })
})

describe('a log', () => {
  it('is all that the state rests on', async () => {
    const { id, data, state } = await runAgent({ goal: GOAL })
    expect(deriveState(await readRun(join(data, 'runs'), id, runEvent))).toEqual(state)
    expect(listPendingCalls(state)).toEqual([])
  })

  it('that is broken in its middle, empty, or not there is an error that names it', async () => {
    const { id, data } = await runAgent({ goal: GOAL })
    const runs = join(data, 'runs')
    const path = join(runs, `${id}.jsonl`)
    const lines = readFileSync(path, 'utf8').split('\n')
    for (const broken of ['{"type":"step"}', 'x', '[]', '{"type":"started"}']) {
      writeFileSync(path, [lines[0], broken, ...lines.slice(1)].join('\n'))
      await expect(readRun(runs, id, runEvent)).rejects.toThrow(`${id}.jsonl:2 is not an event`)
    }
    writeFileSync(path, '')
    await expect(readRun(runs, id, runEvent)).rejects.toThrow('does not begin with a start')
    rmSync(path)
    await expect(readRun(runs, id, runEvent)).rejects.toThrow('There is no run')
    for (const name of ['../../etc/passwd', 'x', '', '20260101-000000-abcdef/..'])
      await expect(readRun(runs, name, runEvent)).rejects.toThrow(InputError)
  })

  it('belongs to one process at a time', async () => {
    const { id, data } = await runAgent({ goal: GOAL })
    const open = () => RunLog.open({ directory: join(data, 'runs'), run: id, schema: runEvent, secrets: [] })
    const log = await open()
    await expect(open()).rejects.toThrow('is going on in another process')
    await log.close()
    await (await open()).close()
  })

  it('with a last line that was cut off counts without it', async () => {
    const { id, data, events } = await runAgent({ goal: GOAL })
    appendFileSync(join(data, 'runs', `${id}.jsonl`), '{"type":"stopped","at":"2026')
    expect(await readRun(join(data, 'runs'), id, runEvent)).toEqual(events)
  })
})

it('a run that a budget stopped goes on with a larger one', async () => {
  const first = await runAgent({ goal: GOAL, approve: ['*'], limits: { steps: 2 } })
  expect(first.state.stopped?.reason).toBe('steps')
  expect(listTickets(first.data)).toEqual([])
  const root = first.state.started.root
  const second = await runAgent({ data: first.data, root, resume: first.id, approve: ['*'] })
  expect(second.state.stopped?.reason).toBe('done')
  expect(second.tickets).toHaveLength(1)
})
