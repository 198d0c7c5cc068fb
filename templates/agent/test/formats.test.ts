import { LLMock } from '@copilotkit/aimock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runAgent, TICKET } from '../../../test/agent.ts'

/** A run of several steps over the wire, in the three formats that models speak. */
const GOAL = 'Who owns api? File a ticket with them.'
const scripted = new LLMock({ port: 0 })

beforeAll(async () => {
  const after = (results: number, toolCalls: { name: string; arguments: string }[]) =>
    scripted.on(
      { userMessage: GOAL, predicate: ({ messages }) => resultsIn(messages) === results },
      { toolCalls },
    )
  after(0, [
    { name: 'look_up_service', arguments: JSON.stringify({ name: 'api' }) },
    { name: 'summarise_errors', arguments: '{}' },
  ])
  after(2, [{ name: 'file_ticket', arguments: JSON.stringify(TICKET) }])
  scripted.on({ userMessage: GOAL }, { content: 'Filed with team-web.' })
  await scripted.start()
})
// Not awaited: it would wait for connections that the client keeps open for some seconds more.
afterAll(() => {
  scripted.stop()
})

function resultsIn(messages: readonly { role: string }[]): number {
  return messages.filter(({ role }) => role === 'tool').length
}

const key = 'test-only/key=0123456789'
const formats = {
  anthropic: () => ({
    AI_PROVIDER: 'anthropic',
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: `${scripted.url}/v1`,
  }),
  openai: () => ({ AI_PROVIDER: 'openai', OPENAI_API_KEY: key, OPENAI_BASE_URL: `${scripted.url}/v1` }),
  'openai-compatible': () => ({
    AI_PROVIDER: 'openai-compatible',
    OPENAI_BASE_URL: `${scripted.url}/v1`,
    AI_MODEL: 'scripted',
  }),
}

describe.each(Object.entries(formats))('over the wire of %s', (_, env) => {
  it('a run makes parallel calls, then one with a side effect, and answers', async () => {
    const { state, tickets } = await runAgent({ env: env(), goal: GOAL, approve: ['file_ticket'] })
    expect(state.stopped).toMatchObject({ reason: 'done' })
    expect(state.calls.map(({ tool, step, result }) => [step, tool, result?.outcome])).toEqual([
      [1, 'look_up_service', 'ok'],
      [1, 'summarise_errors', 'ok'],
      [2, 'file_ticket', 'ok'],
    ])
    expect(state.steps.at(-1)?.text).toBe('Filed with team-web.')
    expect(tickets).toHaveLength(1)
  })

  it('a run that was cut off is gone on with, its messages as they were', async () => {
    const first = await runAgent({ env: env(), goal: GOAL, limits: { steps: 1 } })
    expect(first.state.stopped?.reason).toBe('steps')
    const root = first.state.started.root
    const second = await runAgent({ env: env(), data: first.data, root, resume: first.id, approve: ['*'] })
    expect(second.state.stopped?.reason).toBe('done')
    expect(second.tickets).toHaveLength(1)
  })
})
