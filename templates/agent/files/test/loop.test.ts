import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createPicker } from '#kit/testing/random'
import { readTool } from '../src/tools/tool.ts'
import { runAgent, TICKET } from './agent.ts'
import { startModel } from './model-server.ts'

const call = (tool: string, input: unknown = {}) => ({ calls: [{ tool, input }] })
const SEED = 3
const answer = { text: 'That is all.' }
const outputs = ({ calls }: Awaited<ReturnType<typeof runAgent>>['state']) =>
  calls.map(({ result }) => `${result?.outcome}: ${result?.output}`)

describe('a run', () => {
  it('ends as done, after one question to the model, when the model just answers', async () => {
    const model = await startModel(() => answer)
    const { state, events } = await runAgent({ env: model.env })
    expect(state.stopped?.reason).toBe('done')
    expect(state.steps.map(({ text }) => text)).toEqual(['That is all.'])
    expect(events.map(({ type }) => type)).toEqual(['started', 'step', 'stopped'])
  })

  it('asks, calls, gives the results back, and ends with the answer', async () => {
    const model = await startModel(({ messages }, turn) =>
      turn === 1 ? call('look_up_service', { name: 'api' }) : { text: `${messages.length} messages` },
    )
    const { state } = await runAgent({ env: model.env, goal: 'Who owns api?' })
    expect(state.stopped).toMatchObject({ reason: 'done' })
    expect(state.steps.at(-1)?.text).toBe('4 messages')
    expect(model.requests[1]?.messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
    ])
    expect(String(model.requests[1]?.messages[3]?.content)).toMatch(
      /^<document>\nservice: api\nowner: team-web/,
    )
    expect(state.tokens).toBe(22)
  })

  it('makes the calls of one step together, and gives each its own result although one fails', async () => {
    let running = 0
    let most = 0
    const slow = readTool({
      name: 'slow',
      description: 'Waits until another one runs as well.',
      input: z.strictObject({ n: z.int() }),
      run: async ({ n }) => {
        running += 1
        while (running < 3) await new Promise((resolve) => setImmediate(resolve))
        most = Math.max(most, running)
        if (n === 2) throw new Error('broke')
        return `result ${n}`
      },
    })
    const calls = [1, 2, 3].map((n) => ({ tool: 'slow', input: { n } }))
    const model = await startModel((_, turn) => (turn === 1 ? { calls } : answer))
    const { state } = await runAgent({ env: model.env, tools: [slow] })
    expect(most).toBe(3)
    expect(outputs(state)).toEqual(['ok: result 1', 'error: slow failed: broke', 'ok: result 3'])
  })

  it('stays open, without a stop reason, while a call waits for a person', async () => {
    const model = await startModel(() => call('file_ticket', TICKET))
    const { state, tickets } = await runAgent({ env: model.env, approve: async () => undefined })
    expect({ stopped: state.stopped, tickets }).toEqual({ stopped: undefined, tickets: [] })
    expect(model.requests).toHaveLength(1)
  })

  it(`answers every call once, step after step: 12 generated conversations, seed ${SEED}`, async () => {
    const pick = createPicker(SEED)
    const echo = readTool({
      ...{ name: 'echo', description: 'Says a number.', input: z.strictObject({ n: z.int() }) },
      run: async ({ n }) => `said ${n}`,
    })
    for (let times = 0; times < 12; times++) {
      let next = 0
      const steps = Array.from({ length: pick(5) }, () => Array.from({ length: 1 + pick(3) }, () => next++))
      const model = await startModel((_, turn) => {
        const calls = steps[turn - 1]?.map((n) => ({ tool: 'echo', input: { n } }))
        return calls ? { calls } : { text: `after ${turn - 1} steps` }
      })
      const { state } = await runAgent({ env: model.env, tools: [echo] })
      const said = state.calls.map(({ step, result }) => `step ${step}: ${result?.output}`)
      expect(said).toEqual(steps.flatMap((step, index) => step.map((n) => `step ${index + 1}: said ${n}`)))
      expect([state.stopped?.reason, state.steps.at(-1)?.text]).toEqual([
        'done',
        `after ${steps.length} steps`,
      ])
      expect(model.requests).toHaveLength(steps.length + 1)
    }
  })
})

describe('a budget', () => {
  const looking = (_: unknown, turn: number) => call('search_files', { text: `${turn}` })

  it.each([
    ['steps', { steps: 3 }, /3 steps; allowed: 3/],
    ['tokens', { tokens: 30 }, /33 tokens; allowed: 30/],
  ] as const)('of %s stops the run', async (reason, limits, detail) => {
    const model = await startModel(looking)
    const { state } = await runAgent({ env: model.env, limits })
    expect(state.stopped).toMatchObject({ reason, detail: expect.stringMatching(detail) })
    expect(model.requests).toHaveLength(3)
  })

  it('of time stops a model, and a tool, in the middle', async () => {
    const silent = await startModel(() => new Promise(() => {}))
    const thinking = await runAgent({ env: silent.env, limits: { timeMs: 100 } })
    expect(thinking.state.stopped).toMatchObject({ reason: 'time' })
    await expect.poll(() => silent.counts.left).toBe(1)
    const hanging = readTool({
      ...{ name: 'hanging', description: 'Never ends.', input: z.strictObject({}) },
      run: () => new Promise<string>(() => {}),
    })
    const model = await startModel(() => call('hanging'))
    const acting = await runAgent({ env: model.env, tools: [hanging], limits: { timeMs: 400 } })
    expect(acting.state.stopped?.reason).toBe('time')
  })
})

describe('an abort', () => {
  it('while the model answers stops the model and says so', async () => {
    const abort = new AbortController()
    const model = await startModel(() => {
      abort.abort(new Error('Enough'))
      return new Promise(() => {})
    })
    const { state } = await runAgent({ env: model.env, signal: abort.signal })
    expect(state.stopped).toMatchObject({ reason: 'aborted', detail: 'Enough' })
    await expect.poll(() => model.counts.left).toBe(1)
  })

  it('before anything makes no call', async () => {
    const model = await startModel(() => answer)
    const { state } = await runAgent({ env: model.env, signal: AbortSignal.abort(new Error('No')) })
    expect(state.stopped).toMatchObject({ reason: 'aborted', detail: 'No' })
    expect(model.requests).toEqual([])
  })
})

it('says why when the model fails', async () => {
  const env = { AI_PROVIDER: 'openai-compatible', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', AI_MODEL: 'x' }
  const { state } = await runAgent({ env })
  expect(state.stopped).toMatchObject({
    reason: 'model-failed',
    detail: expect.stringContaining('connection'),
  })
})
