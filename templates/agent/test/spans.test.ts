import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { ReceivedSpan } from '#kit/testing/collector'
import { collectSpans, getOnlySpan } from '#kit/testing/traced'
import { readTool, ToolError } from '../../../src/tools/tool.ts'
import { type RunOptions, runAgent } from '../../../test/agent.ts'
import { startModel } from '../../../test/model-server.ts'

const readDoor = readTool({
  name: 'read_door',
  description: 'Reads what is written on a door.',
  input: z.strictObject({ door: z.string() }),
  run: async ({ door }) => {
    if (door !== 'front') throw new ToolError(`There is no door ${door}`)
    return 'WRITTEN-ON-IT'
  },
})

async function spansOf(options: RunOptions, env: Record<string, string> = {}) {
  const model = await startModel((_, turn) =>
    turn === 1
      ? { calls: ['front', 'back'].map((door) => ({ tool: 'read_door', input: { door } })) }
      : { text: 'Read.' },
  )
  let run = ''
  const { spans, collector } = await collectSpans(async () => {
    run = (await runAgent({ env: model.env, tools: [readDoor], goal: 'THE-GOAL', ...options })).id
  }, env)
  const named = (name: string) => spans.filter((span) => span.name === name)
  return { run, spans, named, sent: collector.bodies.join('') }
}
const parentsOf = (spans: readonly ReceivedSpan[]) => new Set(spans.map(({ parentSpanId }) => parentSpanId))

describe('a traced run', () => {
  it('is one span, with a span for each call of the model and of a tool below', async () => {
    const { run, spans, named } = await spansOf({})
    const agent = getOnlySpan(named('invoke_agent incident'))
    expect(agent.attributes).toMatchObject({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.conversation.id': run,
    })
    expect(agent).toMatchObject({ parentSpanId: undefined, status: 0 })
    const below = spans.filter((span) => span !== agent)
    expect(below.map(({ name }) => name).sort()).toEqual([
      'chat scripted',
      'chat scripted',
      'execute_tool read_door',
      'execute_tool read_door',
    ])
    expect(parentsOf(below)).toEqual(new Set([agent.spanId]))
    const calls = named('execute_tool read_door')
    expect(new Set(calls.map(({ attributes }) => attributes['gen_ai.tool.call.id'])).size).toBe(2)
    expect(calls.map(({ attributes }) => attributes['error.type']).sort()).toEqual(['ToolError', undefined])
  })

  it('says what stopped it', async () => {
    const { named } = await spansOf({ limits: { steps: 1 } })
    expect(getOnlySpan(named('invoke_agent incident'))).toMatchObject({
      status: 2,
      attributes: { 'error.type': 'steps' },
    })
  })

  it('records prompts and results only when configured', async () => {
    const content = ['THE-GOAL', 'front', 'WRITTEN-ON-IT', 'There is no door']
    const { sent } = await spansOf({})
    for (const text of content) expect(sent).not.toContain(text)
    const asked = await spansOf({}, { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' })
    for (const text of content.slice(0, 3)) expect(asked.sent).toContain(text)
  })
})
