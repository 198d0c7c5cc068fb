import { describe, expect, it } from 'vitest'
import { ask, secondsUntil } from '../../../../public/js/ask.js'

const QUESTION = { question: 'How long?', history: [] }

/** What happens when the server answers so. */
async function asked(fetch: typeof globalThis.fetch, signal: AbortSignal = new AbortController().signal) {
  const events = []
  for await (const event of ask(QUESTION, { signal, fetch })) events.push(event)
  return events
}

function streamOf(text: string): typeof globalThis.fetch {
  return async () => new Response(text, { headers: { 'content-type': 'text/event-stream' } })
}

function failureIn(events: Awaited<ReturnType<typeof asked>>) {
  const last = events.at(-1)
  return last?.type === 'failed' ? last.failure : undefined
}

describe('asking', () => {
  it('sends the question with its history as JSON', async () => {
    const seen: unknown[] = []
    await asked(async (url, options) => {
      seen.push(url, options?.method, JSON.parse(String(options?.body)))
      return new Response('{}', { status: 500 })
    })
    expect(seen).toEqual(['/api/ask', 'POST', QUESTION])
  })

  it('ends with done, and hears nothing after it', async () => {
    const events = await asked(
      streamOf(
        'event: delta\ndata: {"text":"a"}\n\nevent: news\ndata: {}\n\nevent: done\ndata: {"text":"a"}\n\nevent: delta\ndata: {"text":"b"}\n\n',
      ),
    )
    expect(events.map(({ type }) => type)).toEqual(['delta', 'done'])
  })

  it('calls a stream that ends without an end cut', async () => {
    const events = await asked(streamOf('event: delta\ndata: {"text":"a"}\n\n'))
    expect(events.map(({ type }) => type)).toEqual(['delta', 'failed'])
    expect(failureIn(events)?.code).toBe('cut')
  })

  it('calls an event that is no JSON a failure', async () => {
    expect(failureIn(await asked(streamOf('event: delta\ndata: {"te\n\n')))?.code).toBe('cut')
  })

  it('repeats what the server says is wrong, and how long to wait', async () => {
    const error = { code: 'rate_limited', message: 'Too many', hint: 'Wait', id: 'r1' }
    const headers = { 'retry-after': '7' }
    const events = await asked(async () => Response.json({ error }, { status: 429, headers }))
    expect(failureIn(events)).toEqual({ ...error, retryAfter: 7 })
  })

  it.each([
    ['a proxy’s HTML', 502, '<h1>Bad gateway</h1>'],
    ['JSON of another kind', 500, '[1]'],
    ['JSON where a stream should be', 200, '{}'],
  ])('says that it does not understand %s', async (_name, status, body) => {
    const events = await asked(async () => new Response(body, { status }))
    expect(failureIn(events)).toMatchObject({ code: 'unexpected', message: `The server answered ${status}` })
  })

  it('tells a server that is not there from one that was stopped by the reader', async () => {
    const broken = async () => {
      throw new TypeError('Failed to fetch')
    }
    expect(failureIn(await asked(broken))?.code).toBe('unreachable')
    expect(await asked(broken, AbortSignal.abort())).toEqual([{ type: 'stopped' }])
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2025-03-11T10:00:00Z')

  it.each([
    ['7', 7],
    ['0', 1],
    ['Tue, 11 Mar 2025 10:00:30 GMT', 30],
    ['Tue, 11 Mar 2025 09:00:00 GMT', 1],
    ['99999999999', 3_600],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%s is %s seconds', (header, seconds) => {
    expect(secondsUntil(header, now)).toBe(seconds)
  })
})
