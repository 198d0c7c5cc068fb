import { describe, expect, it, onTestFinished } from 'vitest'
import { type ServerScript, startWordServer } from '#kit/by-hand/server'
import { createRandom, SEED } from '#kit/testing/random'
import { type ChatEvent, streamChatEvents, writeChatRequest } from '../src/ask.ts'

// The server in kit/by-hand is not a model: it answers with the words of the prompt, last word first.
async function serve(script?: ServerScript) {
  const server = await startWordServer(script)
  onTestFinished(server.close)
  return server
}

function ask(url: string, prompt: string) {
  return streamChatEvents(writeChatRequest({ url, model: 'scripted', prompt }))
}

async function collect(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const collected: ChatEvent[] = []
  for await (const event of events) collected.push(event)
  return collected
}

const readText = (events: readonly ChatEvent[]) =>
  events.map(({ choices }) => choices[0]?.delta.content ?? '').join('')

describe('the request', () => {
  it('is a POST of JSON that holds the prompt, and asks for a stream and for its tokens', async () => {
    const prompt = 'Two lines,\nand a "quote".'
    const request = writeChatRequest({ url: 'http://127.0.0.1:9/v1', model: 'scripted', prompt })
    const { method, url, headers } = request
    expect({ method, url, contentType: headers.get('content-type'), body: await request.json() }).toEqual({
      method: 'POST',
      url: 'http://127.0.0.1:9/v1/chat/completions',
      contentType: 'application/json',
      body: {
        model: 'scripted',
        messages: [{ role: 'user', content: prompt }],
        stream: true,
        stream_options: { include_usage: true },
      },
    })
  })
})

describe('the answer', () => {
  it('is yielded event by event, as the server sent it; the last event has the tokens', async () => {
    const { url } = await serve()
    expect(await collect(ask(url, 'one two'))).toEqual([
      { choices: [{ delta: { content: 'two' }, finish_reason: null }] },
      { choices: [{ delta: { content: ' one' }, finish_reason: null }] },
      { choices: [{ delta: {}, finish_reason: 'stop' }] },
      { choices: [], usage: { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) } },
    ])
  })

  it('is yielded before the server has sent the rest', { timeout: 5_000 }, async () => {
    let sendRest = () => {}
    const wasRead = new Promise<void>((resolve) => {
      sendRest = resolve
    })
    const { url } = await serve({
      async *cut([line = '', ...lines]) {
        yield line
        await wasRead // code that waits for the whole body waits here forever
        yield* lines
      },
    })
    const events = ask(url, 'one two')
    const { value } = await events.next()
    sendRest()
    expect(readText([value])).toBe('two')
    expect(readText(await collect(events))).toBe(' one')
  })

  it('can arrive with comments, ids and other ends of lines between the events', async () => {
    const { url } = await serve({
      cut: (lines) => [': ping\n\n', ...lines.map((line) => `id: 4\r\n${line.trim()}\r\n\r\n`)],
    })
    expect(readText(await collect(ask(url, 'one two three')))).toBe('three two one')
  })

  it(`can arrive in chunks that end anywhere, within a character too (seed ${SEED})`, async () => {
    const random = createRandom()
    for (let round = 0; round < 25; round++) {
      const asked = Array.from({ length: random.whole(1, 6) }, () =>
        random.pick(['ferry', 'Fähre', '渡し船', '⛴️', '"quoted"', 'data:', '\\n', '[DONE]']),
      )
      const { url, close } = await startWordServer({
        *cut(lines) {
          const body = Buffer.from(lines.join(''))
          for (let start = 0; start < body.length; ) {
            const end = start + random.whole(1, 60)
            yield body.subarray(start, end)
            start = end
          }
        },
      })
      const events = await collect(ask(url, asked.join(' '))).finally(close)
      expect(readText(events)).toBe(asked.reverse().join(' '))
      expect(events).toHaveLength(asked.length + 2)
    }
  })
})

describe('trouble', () => {
  it('with the status is an error with the status and what the server says', async () => {
    const { url } = await serve({ refusal: { status: 429, message: 'Slow down, please' } })
    await expect(collect(ask(url, 'one'))).rejects.toThrow(/429[\s\S]*Slow down, please/)
  })

  it('in the middle of the answer is an error, after the events that came', async () => {
    const { url } = await serve({ cut: (lines) => lines.slice(0, 1) })
    const events = ask(url, 'one two')
    expect(readText([(await events.next()).value])).toBe('two')
    await expect(events.next()).rejects.toThrow()
  })

  it('with the answer is yours to end: leaving the loop closes the connection', {
    timeout: 5_000,
  }, async () => {
    const { url, countLeft } = await serve({
      async *cut([line = '']) {
        while (true) yield line
      },
    })
    for await (const event of ask(url, 'endless')) {
      expect(readText([event])).toBe('endless')
      break
    }
    while (countLeft() === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })
})
