import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { answer } from '#kit/llm/answer'
import { openLlm } from '#kit/llm/model'
import { collectStream, KEY, openAt, question } from '#kit/testing/open-test-llm'
import {
  completion,
  delta,
  ending,
  event,
  failure,
  reply,
  startFaultServer,
  stream,
  streamed,
} from './fault-server.ts'

describe('an answer that is not one', () => {
  const bodies = {
    'an HTML page': '<!doctype html><html><body>Welcome</body></html>',
    'cut JSON': '{"id": "c1", "choices": [{"index"',
    'an empty body': '',
    'no choices': '{"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": []}',
    'a choice without text':
      '{"choices": [{"index": 0, "message": {"role": "assistant"}, "finish_reason": "stop"}]}',
    null: 'null',
  }
  it.each(Object.entries(bodies))('is an error although the status is 200: %s', async (_, body) => {
    const server = await startFaultServer(reply(200, body))
    const error = await answer(await openAt(server.url), question).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      name: 'LlmError',
      kind: expect.stringMatching(/^(invalid-response|empty)$/),
    })
    expect(server.requests).toHaveLength(1)
    expect(await collectStream(await openAt(server.url))).toMatchObject({
      shown: '',
      error: { name: 'LlmError' },
    })
  })

  const finishes = [
    ['length', 'truncated'],
    ['content_filter', 'filtered'],
  ] as const
  it.each(finishes)('is an error when it finished by "%s": %s', async (finish, kind) => {
    const server = await startFaultServer(completion('half an ans', finish), streamed('half an ans', finish))
    const llm = await openAt(server.url)
    await expect(answer(llm, question)).rejects.toMatchObject({ kind })
    expect(await collectStream(llm)).toMatchObject({ shown: 'half an ans', error: { kind } })
    // The provider reports the tokens of an unusable answer too.
    expect(llm.meter.calls).toMatchObject([
      { complete: false, estimated: false, outputTokens: 7 },
      { complete: false, estimated: false, outputTokens: 7 },
    ])
  })

  it('is an error when it is empty or blank', async () => {
    const server = await startFaultServer(completion('  \n'), streamed(' '), stream([ending('stop')]))
    const llm = await openAt(server.url)
    await expect(answer(llm, question)).rejects.toMatchObject({ kind: 'empty' })
    expect((await collectStream(llm)).error).toMatchObject({ kind: 'empty' })
    expect((await collectStream(llm)).error).toMatchObject({ kind: 'empty' })
  })
})

describe('a stream', () => {
  it('that ends without its terminal event is an error after what was shown', async () => {
    const server = await startFaultServer(stream([delta('half an ans')]))
    const llm = await openAt(server.url)
    expect(await collectStream(llm)).toMatchObject({
      shown: 'half an ans',
      error: { kind: 'invalid-response' },
    })
    expect(llm.meter.calls).toMatchObject([{ complete: false, estimated: true }])
  })

  it.each(['anthropic', 'openai'])('cut off is an error in the %s format too', async (provider) => {
    const events = {
      anthropic: [
        {
          type: 'message_start',
          message: {
            id: 'm',
            model: 'scripted',
            role: 'assistant',
            usage: { input_tokens: 5, output_tokens: 1 },
          },
        },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'half' } },
      ],
      openai: [
        { type: 'response.created', response: { id: 'r', created_at: 1, model: 'scripted' } },
        { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'i' } },
        { type: 'response.output_text.delta', item_id: 'i', delta: 'half' },
      ],
    }
    const server = await startFaultServer(
      stream((provider === 'openai' ? events.openai : events.anthropic).map(event)),
    )
    const env = {
      AI_PROVIDER: provider,
      ANTHROPIC_API_KEY: 'k',
      OPENAI_API_KEY: 'k',
      ANTHROPIC_BASE_URL: server.url,
      OPENAI_BASE_URL: server.url,
    }
    const llm = await openAt(server.url, { env })
    expect(await collectStream(llm)).toMatchObject({ shown: 'half', error: { kind: 'invalid-response' } })
  })

  it('with an error event, or an unreadable one, is an error', async () => {
    const overloaded = event({ error: { message: 'overloaded', type: 'overloaded_error' } })
    const server = await startFaultServer(
      stream([delta('hel'), overloaded]),
      stream([delta('hel'), 'data: {not json\n\n', ending('stop')]),
    )
    const llm = await openAt(server.url)
    expect(await collectStream(llm)).toMatchObject({
      shown: 'hel',
      error: { name: 'LlmError', message: expect.stringContaining('overloaded') },
    })
    expect(await collectStream(llm)).toMatchObject({ shown: 'hel', error: { kind: 'invalid-response' } })
  })

  it('may carry comments, unknown fields and events with no content', async () => {
    const pieces = [
      ': keep-alive\n\n',
      'event: ping\n',
      delta('hel'),
      event({ id: 'c1', extra: true, choices: [] }),
      delta('lo'),
      ending('stop'),
    ]
    const server = await startFaultServer(stream(pieces))
    expect(await collectStream(await openAt(server.url))).toEqual({ shown: 'hello', error: undefined })
  })

  it('gives the same text wherever the network cuts it', async () => {
    const content = 'naïve 日本 🙂 "quoted"\r\n\n'
    const bytes = new TextEncoder().encode(delta(content) + ending('stop'))
    const bytewise = stream(Array.from(bytes, (_, at) => bytes.slice(at, at + 1)))
    const inContent = Array.from(bytes.keys()).slice(
      bytes.findIndex((byte) => byte > 127),
      -ending('stop').length,
    )
    const cuts = inContent.map((at) => stream([bytes.slice(0, at), 0, bytes.slice(at)]))
    const server = await startFaultServer(bytewise, ...cuts)
    const llm = await openAt(server.url, {
      policy: { totalMs: 20_000, firstTokenMs: 10_000, idleMs: 10_000 },
    })
    const answers = await Promise.all(Array.from([bytewise, ...cuts], () => collectStream(llm)))
    expect(new Set(answers.map(({ shown, error }) => error ?? shown))).toEqual(new Set([content]))
  })
})

/** Everything that a logger could print of an error. */
function traces(error: unknown): string {
  const seen =
    error instanceof Error ? [error.message, error.stack, String(error.cause), JSON.stringify(error)] : []
  return [...seen, inspect(error, { depth: 10, showHidden: true })].join('\n')
}

describe('the key', () => {
  const echo = `Incorrect API key provided: ${KEY}. Not ${encodeURIComponent(KEY)}. ${'x'.repeat(100)} ${KEY}`
  const plays = {
    'a refusal': failure(401, echo),
    'a server error': failure(500, echo),
    'an unreadable answer': reply(200, `<html>${echo}</html>`),
    'an answer of the wrong form': reply(200, JSON.stringify({ choices: echo, error: echo })),
    'an error event in a stream': stream([delta('hel'), event({ error: { message: echo } })]),
    'an unreadable event': stream([delta('hel'), `data: ${echo}\n\n`]),
  }
  it.each(Object.entries(plays))(
    'is in no trace of an error when the provider repeats it in %s',
    async (_, play) => {
      const server = await startFaultServer(play)
      const llm = await openAt(server.url)
      const errors = [
        (await collectStream(llm)).error,
        await answer(llm, question).catch((error: unknown) => error),
      ]
      for (const error of errors) {
        expect(error).toMatchObject({ name: 'LlmError' })
        expect(traces(error)).not.toContain(KEY)
        expect(traces(error)).not.toContain(encodeURIComponent(KEY))
      }
      expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
    },
  )

  it('goes to no other address: a redirect is an error', async () => {
    const elsewhere = await startFaultServer(reply(200, '{}'))
    for (const status of [301, 302, 307, 308]) {
      const server = await startFaultServer(reply(status, '', { location: elsewhere.url }))
      await expect(answer(await openAt(server.url), question)).rejects.toMatchObject({
        kind: 'config',
        retryable: false,
      })
      const listing = openLlm({ env: { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: KEY }, tasks: {} })
      await expect(listing).rejects.toMatchObject({ name: 'ConfigError' })
    }
    expect(elsewhere.requests).toHaveLength(0)
  })

  it.each(['openai', 'openai-compatible', 'anthropic'])(
    'is not sent to another machine over plain http (%s)',
    async (AI_PROVIDER) => {
      const sent: string[] = []
      const fetch = async (_: string | URL | Request, init?: RequestInit) => {
        sent.push(JSON.stringify([...new Headers(init?.headers)]))
        return new Response('{}', { status: 400 })
      }
      const llm = await openLlm({
        env: {
          AI_PROVIDER,
          AI_MODEL: 'scripted',
          OPENAI_API_KEY: KEY,
          ANTHROPIC_API_KEY: KEY,
          OPENAI_BASE_URL: 'http://gpu-box:8000/v1',
          ANTHROPIC_BASE_URL: 'http://192.168.1.7/v1',
          ALLOW_HTTP_BASE_URL: '1',
        },
        tasks: {},
        fetch,
      })
      await expect(answer(llm, question)).rejects.toMatchObject({ status: 400 })
      expect(sent).toHaveLength(1)
      expect(sent[0]).not.toContain(KEY)
    },
  )

  it('shows a provider reason as one short line without control characters', async () => {
    const server = await startFaultServer(
      failure(400, `bad\n\u001b]52;c;aGk=\u0007 \u202e request ${'y'.repeat(5_000)}`),
    )
    const error = await answer(await openAt(server.url), question).catch((reason: unknown) => reason)
    const message = error instanceof Error ? error.message : ''
    expect(message).toMatch(/answered 400: bad \]52;c;aGk= request y+…$/)
    expect(message.length).toBeLessThan(300)
  })
})
