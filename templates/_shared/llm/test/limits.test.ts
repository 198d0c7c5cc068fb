import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { answer, streamAnswer } from '#kit/llm/answer'
import { EventReader } from '#kit/servers/events'
import { collectStream, KEY, openAt, question } from '#kit/testing/open-test-llm'
import { delta, ending, type Play, startFaultServer, stream } from './fault-server.ts'

/** Writes `piece` until the client hangs up, or `most` bytes. */
const endless =
  (type: string, start: string, piece: string, most = 100_000_000): Play =>
  async (response) => {
    response.writeHead(200, { 'content-type': type })
    response.write(start)
    for (let bytes = 0; bytes < most && !response.destroyed; bytes += piece.length)
      await new Promise<void>((written) => response.write(piece, () => written()))
    response.end()
  }

const PIECE = 'x'.repeat(64_000)
const bodies: Record<string, Play> = {
  'a JSON body': endless('application/json', '{"choices": "', PIECE),
  'a line of a stream': endless('text/event-stream', 'data: "', PIECE),
  'events of a stream': endless('text/event-stream', '', delta(PIECE)),
  'comments of a stream': endless('text/event-stream', '', `: ${PIECE}\n\n`),
}

/** With time for a machine that does other work: here only the bytes count. */
function openPatiently(provider: 'openai-compatible' | 'anthropic', url: string) {
  const keys = { ANTHROPIC_API_KEY: KEY, OPENAI_API_KEY: KEY }
  const env = { ...keys, AI_PROVIDER: provider, AI_MODEL: 'm', ANTHROPIC_BASE_URL: url, OPENAI_BASE_URL: url }
  return openAt(url, { env, policy: { totalMs: 60_000, firstTokenMs: 60_000, idleMs: 60_000 } })
}

describe.each(['openai-compatible', 'anthropic'] as const)(
  'in the %s format, a provider',
  { timeout: 60_000 },
  (format) => {
    it.each(Object.entries(bodies))(
      'that never stops sending %s is left, with a typed error',
      async (kind, play) => {
        const server = await startFaultServer(play)
        const llm = await openPatiently(format, server.url)
        const asking =
          kind === 'a JSON body'
            ? answer(llm, question)
            : collectStream(llm).then(({ error }) => Promise.reject(error))
        await expect(asking).rejects.toMatchObject({
          name: 'LlmError',
          message: expect.stringMatching(/more than \d+ MB/),
        })
        await vi.waitFor(() => expect(server.requests[0]?.hungUpAt).toBeDefined())
      },
    )
  },
)

describe('reading events', () => {
  /** Characters that the reader copies to read one event of `size` in small pieces: its work, without a clock. */
  function countJoined(size: number): number {
    let joined = 0
    const join = vi.spyOn(Array.prototype, 'join').mockImplementation(function (this: unknown[], by = ',') {
      const text = this.reduce<string>((all, one, at) => (at === 0 ? String(one) : `${all}${by}${one}`), '')
      joined += text.length
      return text
    })
    const reader = new EventReader()
    try {
      for (let at = 0; at < size; at += 500)
        reader.push(at === 0 ? `data: ${'y'.repeat(494)}` : 'y'.repeat(500))
      const [event] = reader.push('\n\n')
      expect(event?.data).toHaveLength(size - 6)
    } finally {
      join.mockRestore()
    }
    return joined
  }

  it('takes twice the work for an event of twice the size', () => {
    const [small, large] = [countJoined(100_000), countJoined(200_000)]
    expect(large / small).toBeLessThan(2.1)
  })

  it('gives the same events wherever the network cuts', () => {
    const text =
      ': hi\r\n\r\nevent: a\r\ndata: 1\r\rdata: {"b":2}\ndata: {"c":3}\n\nerror: bad\n\n{"d":4}\n\ndata: x\ndata: y\n\ndata:[DONE]'
    const read = (size: number) => {
      const reader = new EventReader()
      const events = (text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []).flatMap((piece) =>
        reader.push(piece),
      )
      return [...events, ...reader.end()]
    }
    expect(read(1_000).map(({ data }) => data)).toEqual([
      '1',
      '{"b":2}',
      '{"c":3}',
      'bad',
      '{"d":4}',
      'x\ny',
      '[DONE]',
    ])
    for (const size of [1, 2, 3, 7]) expect(read(size)).toEqual(read(1_000))
  })
})

it.each(['openai-compatible', 'anthropic'] as const)(
  'answers an abort while a line without end arrives in the %s format',
  async (format) => {
    const play: Play = async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: "')
      for (; !response.destroyed; await sleep(1)) response.write(PIECE.slice(0, 200))
    }
    const llm = await openPatiently(format, (await startFaultServer(play)).url)
    const abort = new AbortController()
    const reading = (async () => {
      for await (const _ of streamAnswer(llm, { ...question, signal: abort.signal }));
    })()
    setTimeout(() => abort.abort(), 50)
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
  },
)

it('takes a long answer that ends', async () => {
  const text = 'word '.repeat(100_000)
  const server = await startFaultServer(stream([delta(text), ending('stop')]))
  expect((await collectStream(await openAt(server.url))).shown).toHaveLength(text.length)
})
