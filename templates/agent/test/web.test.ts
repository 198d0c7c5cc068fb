import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { jsonSchema } from 'ai'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as z from 'zod'
import type { Env } from '#kit/console/env'
import { createJsonLog } from '#kit/http/log'
import { serve } from '#kit/http/serve'
import { readHttpSettings } from '#kit/http/settings'
import { openLlm } from '#kit/llm/model'
import { heuristicTasks } from '#kit/offline/next-step'
import { Runs } from '#kit/serve/runs'
import { createRunsApp } from '#kit/serve/serve'
import { createServedAgent } from '../../../src/serve.ts'
import { DEFAULT_LIMITS } from '../../../src/settings.ts'
import { createTools } from '../../../src/tools/all.ts'
import { Incident } from '../../../src/tools/incident.ts'
import type { AgentTool } from '../../../src/tools/tool.ts'
import { createToolbox } from '../../../src/tools/toolbox.ts'
import { listTickets, makeFolder } from '../../../test/agent.ts'
import { startModel } from '../../../test/model-server.ts'

const shape = z.looseObject({
  id: z.string().default(''),
  status: z.string().optional(),
  runs: z.array(z.unknown()).default([]),
  error: z.object({ message: z.string() }).optional(),
})

const TICKET_GOAL =
  'File a ticket with title "Cache is gone", service "api", severity sev3 and summary "Two errors since ten."'

async function startServer({
  env = { AI_PROVIDER: 'heuristic' },
  root = makeFolder(),
  data = makeFolder({}),
  atOnce = 4,
  tools = [],
}: {
  env?: Env
  root?: string
  data?: string
  atOnce?: number
  /** In addition to the agent's tools. */
  tools?: AgentTool[]
} = {}) {
  const reported: unknown[] = []
  const agent = createServedAgent({
    ...{ root, limits: DEFAULT_LIMITS, approve: [], allow: undefined, secrets: [] },
    directory: join(data, 'runs'),
    llm: await openLlm({ env, tasks: heuristicTasks }),
    toolbox: createToolbox([...createTools({ incident: await Incident.open(root), data }), ...tools]),
  })
  const runs = new Runs({ agent, atOnce, report: (_run, error) => void reported.push(error) })
  const settings = readHttpSettings({ PORT: '0', RATE_LIMIT: '10000' })
  const log = createJsonLog(new PassThrough().resume())
  const app = createRunsApp(runs, { settings, commit: null, log, job: 'List the files of the incident' })
  const stopping = new AbortController()
  const { url, closed } = await serve(app, settings, { signal: stopping.signal, graceMs: 100 })
  onTestFinished(async () => {
    stopping.abort()
    await runs.close()
    await closed
  })
  const json = async (path: string, method = 'GET', body?: object) => {
    const headers = body ? { 'content-type': 'application/json' } : {}
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, body: shape.parse(await response.json()) }
  }
  const events = async (id: string, from = 0) => {
    const text = await (await fetch(`${url}/api/runs/${id}/events?from=${from}`)).text()
    return [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, type, data = '']) => ({
      type,
      data: JSON.parse(data),
    }))
  }
  return { url, root, data, runs, json, events, reported }
}

describe('a run over HTTP', () => {
  it('is started, followed to its end, and shown', async () => {
    const { json, events } = await startServer()
    const started = await json('/api/runs', 'POST')
    expect(started.status).toBe(201)
    const { id } = started.body
    expect(started.headers.get('location')).toBe(`/api/runs/${id}`)
    const seen = await events(id)
    expect(seen.map(({ type }) => type)).toEqual([
      'started',
      'step',
      'called',
      'result',
      'step',
      'stopped',
      'end',
    ])
    expect(seen.at(-1)?.data).toMatchObject({ status: 'done', answer: expect.stringContaining('files 3') })
    expect((await events(id, 4)).map(({ type }) => type)).toEqual(['step', 'stopped', 'end'])
    expect((await json('/api/runs')).body.runs).toMatchObject([{ id, status: 'done' }])
    expect((await json(`/api/runs/${id}`)).body).toMatchObject({ id, status: 'done', steps: 2 })
  })

  it('waits for a decision, which counts for that call alone, and then goes on', async () => {
    const { json, events, data } = await startServer()
    const { id } = (await json('/api/runs', 'POST', { goal: TICKET_GOAL })).body
    const end = (await events(id)).at(-1)?.data
    expect(end).toMatchObject({
      status: 'waiting',
      approvals: [{ tool: 'file_ticket', input: { severity: 'sev3' } }],
    })
    expect(listTickets(data)).toEqual([])
    const approval = encodeURIComponent(end.approvals[0].approval)
    const other = encodeURIComponent('file_ticket#0000000000000000')
    expect((await json(`/api/runs/${id}/approvals/${other}`, 'POST', { decision: 'approve' })).status).toBe(
      404,
    )
    expect((await json(`/api/runs/${id}/approvals/${approval}`, 'POST', { decision: 'maybe' })).status).toBe(
      400,
    )
    expect(listTickets(data)).toEqual([])
    expect(
      (await json(`/api/runs/${id}/approvals/${approval}`, 'POST', { decision: 'approve' })).status,
    ).toBe(202)
    expect((await events(id)).at(-1)?.data).toMatchObject({ status: 'done' })
    expect(listTickets(data)).toHaveLength(1)
    expect(
      (await json(`/api/runs/${id}/approvals/${approval}`, 'POST', { decision: 'approve' })).status,
    ).toBe(404)
    expect(listTickets(data)).toHaveLength(1)
  })

  it('that is denied files nothing and ends', async () => {
    const { json, events, data } = await startServer()
    const { id } = (await json('/api/runs', 'POST', { goal: TICKET_GOAL })).body
    const { approvals } = (await events(id)).at(-1)?.data ?? {}
    await json(`/api/runs/${id}/approvals/${encodeURIComponent(approvals[0].approval)}`, 'POST', {
      decision: 'deny',
    })
    expect((await events(id)).at(-1)?.data).toMatchObject({ status: 'done' })
    expect(listTickets(data)).toEqual([])
  })

  it('is cancelled while its model answers, and can be gone on with', async () => {
    let isSilent = true
    const model = await startModel(() => (isSilent ? new Promise(() => {}) : { text: 'Here.' }))
    const { json, events } = await startServer({ env: model.env })
    const { id } = (await json('/api/runs', 'POST', { goal: 'Say something.' })).body
    await expect.poll(() => model.requests.length).toBe(1)
    expect((await json(`/api/runs/${id}`)).body.status).toBe('working')
    expect((await json(`/api/runs/${id}/resume`, 'POST')).status).toBe(409)
    expect((await json(`/api/runs/${id}/cancel`, 'POST')).body).toMatchObject({ status: 'aborted' })
    await expect.poll(() => model.counts.left).toBe(1)
    expect((await json(`/api/runs/${id}/cancel`, 'POST')).status).toBe(409)
    isSilent = false
    expect((await json(`/api/runs/${id}/resume`, 'POST')).status).toBe(202)
    expect((await events(id)).at(-1)?.data).toMatchObject({ status: 'done', answer: 'Here.' })
  })

  it('that waited when its server went away is decided about at the next one', async () => {
    const first = await startServer()
    const { id } = (await first.json('/api/runs', 'POST', { goal: TICKET_GOAL })).body
    const { approvals } = (await first.events(id)).at(-1)?.data ?? {}
    const second = await startServer({ data: first.data, root: first.root })
    const path = `/api/runs/${id}/approvals/${encodeURIComponent(approvals[0].approval)}`
    expect((await second.json(path, 'POST', { decision: 'approve' })).status).toBe(202)
    expect((await second.events(id)).at(-1)?.data).toMatchObject({ status: 'done' })
    expect(listTickets(first.data)).toHaveLength(1)
  })

  it('is refused when too many are at work', async () => {
    const model = await startModel(() => new Promise(() => {}))
    const { json } = await startServer({ env: model.env, atOnce: 1 })
    await json('/api/runs', 'POST', { goal: 'One.' })
    const refused = await json('/api/runs', 'POST', { goal: 'Two.' })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('5')
  })

  it('is refused when too many are asked for at the same moment', async () => {
    const model = await startModel(() => new Promise(() => {}))
    const { json } = await startServer({ env: model.env, atOnce: 4 })
    const asked = Array.from({ length: 20 }, () => json('/api/runs', 'POST', { goal: 'One.' }))
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(4)
    expect(statuses.filter((status) => status === 503)).toHaveLength(16)
  })

  it('is decided about once, however many decide at the same moment', async () => {
    const { json, events, data } = await startServer()
    const { id } = (await json('/api/runs', 'POST', { goal: TICKET_GOAL })).body
    const { approvals } = (await events(id)).at(-1)?.data ?? {}
    const path = `/api/runs/${id}/approvals/${encodeURIComponent(approvals[0].approval)}`
    const asked = Array.from({ length: 8 }, () => json(path, 'POST', { decision: 'approve' }))
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 202)).toHaveLength(1)
    expect(statuses.every((status) => [202, 404, 409].includes(status))).toBe(true)
    await events(id)
    expect(listTickets(data)).toHaveLength(1)
  })

  it('about another folder is neither gone on with nor decided about here', async () => {
    const first = await startServer()
    const { id } = (await first.json('/api/runs', 'POST', { goal: TICKET_GOAL })).body
    const { approvals } = (await first.events(id)).at(-1)?.data ?? {}
    const { json } = await startServer({ data: first.data })
    const path = `/api/runs/${id}/approvals/${encodeURIComponent(approvals[0].approval)}`
    for (const [where, body] of [
      [path, { decision: 'approve' }],
      [`/api/runs/${id}/resume`, undefined],
    ] as const)
      expect(await json(where, 'POST', body)).toMatchObject({
        status: 409,
        body: { error: { message: 'This run is about another folder than this server' } },
      })
    expect(listTickets(first.data)).toEqual([])
  })

  it('that crashes says so in its log and to the operator, and a log that is broken hides no other', async () => {
    const { env } = await startModel(() => ({ calls: [{ tool: 'broken', input: {} }] }))
    const broken: AgentTool = {
      ...{
        name: 'broken',
        description: 'Is broken.',
        schema: jsonSchema({}),
        effect: 'read',
        idempotent: true,
      },
      prepare() {
        throw new Error('a bug of ours')
      },
    }
    const { json, events, data, reported } = await startServer({ env, tools: [broken] })
    const { id } = (await json('/api/runs', 'POST', { goal: 'One.' })).body
    expect((await events(id)).at(-1)?.data).toMatchObject({ status: 'crashed', detail: 'a bug of ours' })
    expect(reported).toEqual([new Error('a bug of ours')])
    writeFileSync(join(data, 'runs/20260101-000000-abcdef.jsonl'), '')
    expect((await json('/api/runs')).body.runs).toHaveLength(1)
    expect(reported).toHaveLength(2)
  })

  it.each([
    ['GET', '/api/runs/20200101-000000-abcdef', 404],
    ['GET', '/api/runs/..%2f..%2fetc%2fpasswd', 404],
    ['GET', '/api/runs/x/events', 404],
    ['POST', '/api/runs/x/cancel', 404],
    ['DELETE', '/api/runs', 405],
    ['GET', '/api/runs/x/cancel', 405],
  ])('%s %s is %i', async (method, path, status) => {
    const { json } = await startServer()
    const { status: found, body } = await json(path, method)
    expect(found).toBe(status)
    expect(body.error?.message).not.toContain('/tmp')
  })

  it('takes a goal and nothing else', async () => {
    const { json } = await startServer()
    for (const body of [
      {},
      { goal: '' },
      { goal: ' ' },
      { goal: 7 },
      { goal: 'x', approve: ['*'] },
      { goal: 'x'.repeat(5_000) },
    ])
      expect((await json('/api/runs', 'POST', body)).status).toBe(400)
  })
})
