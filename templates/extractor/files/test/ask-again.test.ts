import { describe, expect, it, onTestFinished } from 'vitest'
import { ExtractionError } from '#kit/command/extractor'
import type { Env } from '#kit/console/env'
import { openLlm } from '#kit/llm/model'
import { type Reply, startModelServer } from '#kit/testing/model-server'
import { createRandom, SEED } from '#kit/testing/random'
import { createExtractor } from '../src/extractor.ts'
import { readFields } from '../src/fields.ts'
import { writeRepairPrompt } from '../src/prompts.ts'
import { order, orderAnswer, orderData, orderText } from './order.ts'

/** A server that is not a model: it sends the replies that a test names, the last one from then on. */
async function serve(...replies: Reply[]) {
  const server = await startModelServer((_, index) => replies[Math.min(index, replies.length - 1)] ?? '')
  onTestFinished(server.close)
  return server
}

const root = readFields(order)
const document = { name: 'order.eml', text: orderText }
const good = JSON.stringify(orderAnswer)

async function extract(env: Env, signal?: AbortSignal) {
  const llm = await openLlm({ env, tasks: {}, policy: { maxRetries: 0 } })
  const retries: (readonly string[])[] = []
  const onRetry = (_: string, problems: readonly string[]) => retries.push(problems)
  const options = { onRetry, ...(signal && { signal }) }
  const extraction = await createExtractor(llm, root, 'zero-shot').extract(document, options)
  return { extraction, retries }
}

describe('an answer that is right', () => {
  it('is the data, after one call', async () => {
    const { env, requests } = await serve(good)
    const { extraction, retries } = await extract(env['openai-compatible'])
    expect(extraction.data).toEqual(orderData)
    expect({ calls: requests.length, retries }).toEqual({ calls: 1, retries: [] })
  })
})

describe('an answer that cannot be used', () => {
  it('is asked for again with what is wrong with it', async () => {
    const wrongType = JSON.stringify({ ...orderAnswer, weightKg: [{ quote: '31.5 kg', value: '31,5' }] })
    const { env, requests } = await serve('Sorry, no.', wrongType, good)
    const { extraction, retries } = await extract(env['openai-compatible'])
    expect(extraction).toMatchObject({ data: orderData, usage: { calls: 3, inputTokens: 300 } })
    expect(retries).toEqual([
      ['there is no JSON object in it'],
      [expect.stringContaining('weightKg: "31,5"')],
    ])
    const turns = requests.at(-1)?.body['messages'] as { role: string; content: string }[]
    expect(turns.slice(-4)).toEqual([
      { role: 'assistant', content: 'Sorry, no.' },
      { role: 'user', content: writeRepairPrompt(['there is no JSON object in it']) },
      { role: 'assistant', content: wrongType },
      { role: 'user', content: expect.stringContaining('weightKg: "31,5"') },
    ])
  })

  it('is asked for twice more and no oftener, then is an error that keeps every answer', async () => {
    const { env, requests } = await serve('{"a":1', '{"b":1', '{"c":1', good)
    const error = await extract(env['openai-compatible']).catch((thrown: unknown) => thrown)
    expect(requests).toHaveLength(3)
    expect(error).toBeInstanceOf(ExtractionError)
    expect(error).toMatchObject({
      message: expect.stringContaining('order.eml: no usable answer after 3 attempts'),
      attempts: [
        { raw: '{"a":1' },
        { raw: '{"b":1' },
        { raw: '{"c":1', problems: [expect.stringContaining('not closed')] },
      ],
    })
  })

  it('is not asked for again when it comes back the same', async () => {
    const { env, requests } = await serve('no JSON', 'no JSON', good)
    await expect(extract(env['openai-compatible'])).rejects.toThrow('after 2 attempts')
    expect(requests).toHaveLength(2)
  })

  it('costs only the field when one value stays wrong', async () => {
    const bad = (value: string) =>
      JSON.stringify({ ...orderAnswer, placedOn: [{ quote: '12 January 2026', value }] })
    const { env } = await serve(bad('2026-02-31'), bad('2026-02-30'), bad('31 Feb 2026'))
    const { extraction } = await extract(env['openai-compatible'])
    expect(extraction.data).toEqual({ ...orderData, placedOn: null })
    expect(extraction.issues).toMatchObject([{ path: 'placedOn', code: 'invalid' }])
  })

  it('without a value that the schema requires is an error, not data that breaks the schema', async () => {
    const { env } = await serve(JSON.stringify({ ...orderAnswer, orderNumber: [] }))
    await expect(extract(env['openai-compatible'])).rejects.toThrow('orderNumber not found, but required')
  })

  it(`is asked for again as long as that is of use, and no longer (seed ${SEED})`, async () => {
    const random = createRandom()
    const wrongType = JSON.stringify({ ...orderAnswer, weightKg: [{ quote: '31.5 kg', value: '31,5' }] })
    for (let round = 0; round < 30; round++) {
      const replies = Array.from({ length: 3 }, () => random.pick(['No.', 'Never.', wrongType, good]))
      const wanted = replies.slice(0, countCalls(replies))
      const { env, requests } = await serve(...replies)
      const outcome = await extract(env['openai-compatible']).then(
        ({ extraction }) => extraction.data,
        (error: unknown) => (error instanceof ExtractionError ? error.attempts.map(({ raw }) => raw) : error),
      )
      const [last = ''] = wanted.slice(-1)
      const data = last === good ? orderData : { ...orderData, weightKg: null }
      expect(outcome, replies.join('\n')).toEqual(last.startsWith('N') ? wanted : data)
      expect(requests, replies.join('\n')).toHaveLength(wanted.length)
    }
  })

  it('is left at once when the caller stops', async () => {
    const server = await startModelServer(() => new Promise<Reply>(() => {}))
    onTestFinished(server.close)
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('Enough')), 100)
    await expect(extract(server.env['openai-compatible'], stop.signal)).rejects.toThrow('Enough')
  })
})

/** One call, and another while the answer is bad, it is not the one before, and there are not three yet. */
function countCalls(replies: readonly string[]): number {
  const isEnd = (reply: string, index: number) => reply === good || reply === replies[index - 1]
  const end = replies.findIndex(isEnd)
  return end === -1 ? replies.length : end + 1
}
