import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { readTool, ToolError } from '../src/tools/tool.ts'
import { runAgent, TICKET } from './agent.ts'
import { startModel } from './model-server.ts'

const call = (tool: string, input: unknown = {}) => ({ calls: [{ tool, input }] })
const answer = { text: 'That is all.' }
const outputs = ({ calls }: Awaited<ReturnType<typeof runAgent>>['state']) =>
  calls.map(({ result }) => `${result?.outcome}: ${result?.output}`)

describe('a run', () => {
  it.each([
    ['a tool that is not there', 'rm_rf', {}, /There is no tool "rm_rf"\. There are: list_files/],
    ['arguments of a wrong type', 'read_file', { path: 7 }, /do not fit: path/],
    ['an unknown argument', 'read_file', { path: 'services.json', mode: 'w' }, /do not fit.*mode/],
    ['a missing argument', 'read_file', {}, /do not fit: path/],
    ['arguments that are no object', 'read_file', '[1]', /do not fit/],
    ['arguments that are no JSON', 'read_file', '{"path": ', /do not fit/],
    [
      'a prototype among its arguments',
      'read_file',
      '{"path":"services.json","__proto__":{"x":1}}',
      /do not fit/,
    ],
  ])('tells the model about %s, and calls nothing', async (_, tool, input, problem) => {
    const model = await startModel((_, turn) => (turn === 1 ? call(tool, input) : answer))
    const { state, events } = await runAgent({ env: model.env, approve: ['*'] })
    expect(outputs(state)[0]).toMatch(problem)
    expect(String(model.requests[1]?.messages.at(-1)?.content)).toMatch(problem)
    expect(events.filter(({ type }) => type === 'called')).toEqual([])
    expect(state.stopped?.reason).toBe('done')
  })

  it('shows a long result only as far as it may, and says what is missing', async () => {
    const long = readTool({
      name: 'long',
      description: 'Says a lot.',
      input: z.strictObject({}),
      run: async () => 'x'.repeat(10_000_000),
    })
    const model = await startModel((_, turn) => (turn === 1 ? call('long') : answer))
    const { state, text } = await runAgent({ env: model.env, tools: [long] })
    expect(state.calls[0]?.result).toMatchObject({ outcome: 'ok', cut: 9_994_000 })
    expect(text.length).toBeLessThan(20_000)
    expect(String(model.requests[1]?.messages.at(-1)?.content)).toContain(
      '9994000 more characters were cut off',
    )
  })

  it('stops a tool that hangs and ignores its signal, and goes on', async () => {
    const hanging = readTool({
      name: 'hanging',
      description: 'Never ends.',
      timeoutMs: 20,
      input: z.strictObject({}),
      run: () => new Promise<string>(() => {}),
    })
    const model = await startModel((_, turn) => (turn === 1 ? call('hanging') : answer))
    const { state } = await runAgent({ env: model.env, tools: [hanging] })
    expect(outputs(state)).toEqual(['error: hanging took longer than 20 ms and was stopped'])
    expect(state.stopped?.reason).toBe('done')
  })

  it('has no tool that is not on its list', async () => {
    const model = await startModel((_, turn) => (turn === 1 ? call('file_ticket', TICKET) : answer))
    const { state, tickets } = await runAgent({
      env: model.env,
      allow: ['read_*', 'list_files'],
      approve: ['*'],
    })
    expect(model.requests[0]?.tools.map((tool) => tool.function.name)).toEqual(['list_files', 'read_file'])
    expect(outputs(state)).toEqual(['error: The tool file_ticket is not allowed in this run'])
    expect(tickets).toEqual([])
  })

  it('leaves the oldest results out when the context window is too small, and says so', async () => {
    const long = readTool({
      name: 'long',
      description: 'Says a lot.',
      input: z.strictObject({ n: z.int() }),
      run: async () => 'many words '.repeat(500),
    })
    const model = await startModel((_, turn) => (turn < 6 ? call('long', { n: turn }) : answer))
    await runAgent({ env: { ...model.env, AI_CONTEXT_WINDOW: '6000' }, tools: [long] })
    const results = model.requests.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? []
    expect(results).toHaveLength(5)
    expect(String(results[0]?.content)).toContain('Left out')
    expect(String(results[4]?.content)).toContain('many words')
  })

  it('never writes a secret down that a model or a tool says', async () => {
    const model = await startModel((_, turn) =>
      turn === 1 ? call('leak') : { text: 'The key is sesame-8c1.' },
    )
    const leak = readTool({
      name: 'leak',
      description: 'Says too much.',
      input: z.strictObject({}),
      run: async () => {
        throw new ToolError('refused with key sesame-8c1')
      },
    })
    // A short secret may be a part of any word: the log keeps its shape.
    const secrets = ['sesame-8c1', 'token', 'text']
    const { text, state } = await runAgent({ env: model.env, tools: [leak], secrets })
    expect(text).not.toContain('sesame')
    expect(state.steps.at(-1)?.text).toBe('The key is [redacted].')
  })

  it('while a tool works leaves the call without a result, and the run can be gone on with', async () => {
    const abort = new AbortController()
    let tries = 0
    const slow = readTool({
      ...{ name: 'slow', description: 'Waits the first time.', input: z.strictObject({}) },
      run: () => {
        tries += 1
        if (tries > 1) return Promise.resolve('at last')
        abort.abort(new Error('Enough'))
        return new Promise<string>(() => {})
      },
    })
    const model = await startModel((_, turn) => (turn === 1 ? call('slow') : answer))
    const first = await runAgent({ env: model.env, tools: [slow], signal: abort.signal })
    expect(first.state.stopped?.reason).toBe('aborted')
    expect(first.state.calls[0]?.result).toBeUndefined()
    const second = await runAgent({ env: model.env, tools: [slow], data: first.data, resume: first.id })
    expect(outputs(second.state)).toEqual(['ok: at last'])
    expect(second.state.stopped?.reason).toBe('done')
  })
})

describe('a budget', () => {
  const looking = (_: unknown, turn: number) => call('search_files', { text: `${turn}` })

  it('of dollars refuses the call that could pass it, and a model without a price altogether', async () => {
    const model = await startModel(looking)
    const dear = await startModel((request, turn) => ({ ...looking(request, turn), tokens: 500 }))
    const unknown = await runAgent({ env: model.env, limits: { costUsd: 1 } })
    expect(unknown.state.stopped).toMatchObject({
      reason: 'cost',
      detail: expect.stringContaining('unknown'),
    })
    expect(model.requests).toHaveLength(0)
    const priced = { ...dear.env, AI_PRICE_INPUT: '1000', AI_PRICE_OUTPUT: '1000' }
    const { state } = await runAgent({ env: priced, limits: { costUsd: 4.5 } })
    expect(state.stopped).toMatchObject({ reason: 'cost', detail: expect.stringContaining('ceiling') })
    expect(state.costUsd).toBeLessThan(4.5)
  })

  it('of identical calls stops a model that repeats itself, whatever the order of the arguments', async () => {
    const inputs = ['{"text":"x","folder":"logs"}', '{"folder":"logs","text":"x"}']
    const model = await startModel((_, turn) => call('search_files', inputs[turn % 2]))
    const { state } = await runAgent({ env: model.env })
    expect(state.stopped).toMatchObject({ reason: 'identical-calls' })
    expect(state.calls.filter(({ result }) => result)).toHaveLength(2)
  })
})
