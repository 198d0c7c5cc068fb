import { describe, expect, it } from 'vitest'
import { answer } from '#kit/llm/answer'
import { collectStream, KEY, openAt, openFormatAt, question } from '#kit/testing/open-test-llm'
import { completion, delta, event, type Play, reply, startFaultServer, stream } from './fault-server.ts'

const formats = ['anthropic', 'openai', 'openai-compatible'] as const

/** The errors of a whole answer and of a streamed one. */
async function errorsOf(format: (typeof formats)[number], play: Play): Promise<unknown[]> {
  const { url } = await startFaultServer(play)
  const llm = await openFormatAt(format, url)
  const whole = await answer(llm, question).catch((error: unknown) => error)
  return [whole, (await collectStream(llm)).error]
}

describe.each(formats)('an error with status 200 in the %s format', (format) => {
  it('says what the provider says, without the key', async () => {
    const body = { error: { message: `no model "scripted" for ${KEY}`, type: 'not_found', code: null } }
    for (const error of await errorsOf(format, reply(200, JSON.stringify(body)))) {
      expect(error).toMatchObject({
        name: 'LlmError',
        kind: 'invalid-response',
        retryable: false,
        message: `${format} scripted answered with an error: no model "scripted" for [redacted]`,
        hint: expect.stringMatching(/provider's own.*AI_MODEL/),
      })
    }
  })

  it('may be a string', async () => {
    for (const error of await errorsOf(format, reply(200, '{"error": "model is loading"}')))
      expect(error).toMatchObject({
        message: expect.stringMatching(/answered with an error: model is loading$/),
      })
  })

  it('is no error when it is null', async () => {
    for (const error of await errorsOf(format, reply(200, '{"error": null}')))
      expect(error).toMatchObject({ name: 'LlmError', message: expect.not.stringContaining('with an error') })
  })

  it('with a status inside is what that status means', async () => {
    const body = JSON.stringify({ error: { message: 'bad key', code: 401 } })
    for (const error of await errorsOf(format, reply(200, body)))
      expect(error).toMatchObject({ kind: 'auth', status: 401, hint: expect.stringContaining('API key') })
  })
})

it('tries again when the error inside a body of status 200 is one that passes', async () => {
  const busy = reply(200, JSON.stringify({ error: { message: 'upstream is busy', code: 502 } }))
  const server = await startFaultServer(busy, busy, completion('hello'))
  expect(await answer(await openAt(server.url), question)).toBe('hello')
  expect(server.requests).toHaveLength(3)
})

it('says what the provider says in an error event of a stream', async () => {
  const server = await startFaultServer(
    stream([delta('hel'), event({ error: { message: 'out of memory' } })]),
  )
  expect(await collectStream(await openAt(server.url))).toMatchObject({
    shown: 'hel',
    error: { message: 'openai-compatible scripted answered with an error: out of memory' },
  })
})

const named = (data: { type: string }) => `event: ${data.type}\n${event(data)}`
const usage = { input_tokens: 5, output_tokens: 1 }
const opening = named({
  type: 'message_start',
  ...{ message: { id: 'm', model: 'scripted', role: 'assistant', usage } },
})
const text = (text: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text },
})
const blockStart = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
const messageDelta = {
  type: 'message_delta',
  delta: { stop_reason: 'end_turn' },
  usage: { output_tokens: 2 },
}
const ending = [{ type: 'content_block_stop', index: 0 }, messageDelta, { type: 'message_stop' }].map(named)
const unknown = named({ type: 'mood_change', ...{ mood: 'naïve 🙂' } })

describe('an event that Anthropic adds to its streams', () => {
  const parts = [
    opening,
    named(blockStart),
    named(text('hel')),
    named({ type: 'ping' }),
    named(text('lö')),
    ...ending,
  ]

  it.each(['\n', '\r\n'])('is passed over, wherever it comes (lines end with %j)', async (lineEnd) => {
    const pieces = [unknown, ...parts.flatMap((part) => [part, unknown])]
    const server = await startFaultServer(stream(pieces.map((piece) => piece.replaceAll('\n', lineEnd))))
    const llm = await openFormatAt('anthropic', server.url)
    expect(await collectStream(llm)).toEqual({ shown: 'hellö', error: undefined })
    expect(llm.meter.calls).toMatchObject([{ complete: true, estimated: false, outputTokens: 2 }])
  })

  it('is passed over wherever the network cuts it', async () => {
    const bytes = new TextEncoder().encode([...parts.slice(0, 3), unknown, ...parts.slice(3)].join(''))
    const server = await startFaultServer(stream(Array.from(bytes, (_, at) => bytes.slice(at, at + 1))))
    const llm = await openFormatAt('anthropic', server.url)
    expect(await collectStream(llm)).toEqual({ shown: 'hellö', error: undefined })
  })

  it('does not hold back what came before it', async () => {
    const server = await startFaultServer(stream([...parts.slice(0, 3), unknown], 'stall'))
    expect(await collectStream(await openFormatAt('anthropic', server.url))).toMatchObject({
      shown: 'hel',
      error: { kind: 'timeout' },
    })
  })

  it('is not an excuse for one that cannot be read', async () => {
    const broken = 'event: content_block_delta\ndata: {not json\n\n'
    const server = await startFaultServer(stream([...parts.slice(0, 3), broken, ...parts.slice(3)]))
    expect(await collectStream(await openFormatAt('anthropic', server.url))).toMatchObject({
      shown: 'hel',
      error: { kind: 'invalid-response' },
    })
  })
})
