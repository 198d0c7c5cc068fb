import { describe, expect, it } from 'vitest'
import { answer, streamAnswer } from '#kit/llm/answer'
import type { Llm } from '#kit/llm/model'
import { traceLlm } from '#kit/otel/chat'
import { collectStream, openAt, question } from '#kit/testing/open-test-llm'
import { collectSpans, getOnlySpan } from '#kit/testing/traced'
import {
  completion,
  delta,
  failure,
  type Play,
  silence,
  startFaultServer,
  stream,
  streamed,
} from '../../llm/test/fault-server.ts'

const CAPTURE = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' }
const SECRETS = [question.prompt, question.system, 'Hello, you']

async function spanOf(play: Play, work: (llm: Llm) => Promise<unknown>, env: Record<string, string> = {}) {
  const server = await startFaultServer(play)
  const llm = traceLlm(await openAt(server.url, { policy: { maxRetries: 0 } }))
  const { spans, collector } = await collectSpans(() => work(llm), env)
  return { ...getOnlySpan(spans), sent: collector.bodies.join('\n') }
}

describe('a model call', () => {
  it.each([
    ['streamed', streamed('Hello, you.'), collectStream],
    ['whole', completion('Hello, you.'), (llm: Llm) => answer(llm, question)],
  ])('%s: is a span with the current names', async (how, play, work) => {
    const { name, kind, status, attributes } = await spanOf(play, work)
    expect({ name, kind, status }).toEqual({ name: 'chat scripted', kind: 3, status: 0 })
    expect(attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai-compatible',
      'gen_ai.request.model': 'scripted',
      'gen_ai.response.model': 'scripted',
      'gen_ai.response.id': 'c1',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 11,
      'gen_ai.usage.output_tokens': 7,
    })
    expect(Object.keys(attributes)).not.toContain('error.type')
    const seconds = attributes['gen_ai.response.time_to_first_chunk']
    if (how === 'streamed') expect(seconds).toBeLessThan(5)
    else expect(seconds).toBeUndefined()
  })

  it('says nothing of what was asked or answered, also in an error that quotes it', async () => {
    const { sent } = await spanOf(streamed('Hello, you.'), collectStream)
    for (const secret of SECRETS) expect(sent).not.toContain(secret)
    const failed = await spanOf(failure(400, `bad prompt: ${question.prompt}`), collectStream)
    for (const secret of SECRETS) expect(failed.sent).not.toContain(secret)
  })

  it.each([
    ['streamed', streamed('Hello, you.'), collectStream],
    ['whole', completion('Hello, you.'), (llm: Llm) => answer(llm, question)],
  ])('%s: has both when content is asked for', async (_, play, work) => {
    const { attributes } = await spanOf(play, work, CAPTURE)
    const read = (key: string) => JSON.parse(String(attributes[key])) as unknown
    expect(read('gen_ai.system_instructions')).toEqual([{ type: 'text', content: question.system }])
    expect(read('gen_ai.input.messages')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: question.prompt }] },
    ])
    expect(read('gen_ai.output.messages')).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'Hello, you.' }] },
    ])
  })

  it.each([
    ['rate-limit', failure(429)],
    ['server', failure(500)],
    ['truncated', streamed('Hello', 'length')],
    ['timeout', silence],
    ['timeout', stream([delta('Hello')], 'stall')],
    ['network', stream([delta('Hello')], 'reset')],
  ])('that fails has the kind of failure: %s', async (kind, play) => {
    const { status, attributes } = await spanOf(play, collectStream)
    expect({ status, type: attributes['error.type'] }).toEqual({ status: 2, type: kind })
  })

  it('that is aborted, before or after its first word, says so', async () => {
    const abortAfter = (ms: number) => async (llm: Llm) => {
      const stop = new AbortController()
      setTimeout(() => stop.abort(new Error('enough')), ms)
      await collectStream(llm, { ...question, signal: stop.signal })
    }
    for (const play of [silence, stream([delta('Hello')], 'stall')]) {
      const { status, attributes } = await spanOf(play, abortAfter(100))
      expect({ status, type: attributes['error.type'] }).toEqual({ status: 2, type: 'aborted' })
    }
  })

  it('whose reader leaves in the middle ends there, as aborted', async () => {
    const { attributes } = await spanOf(stream([delta('Hello')], 'stall'), async (llm) => {
      for await (const _ of streamAnswer(llm, question)) break
    })
    expect(attributes['error.type']).toBe('aborted')
  })
})
