import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as z from 'zod'
import { serve } from '#kit/http/serve'
import { readHttpSettings } from '#kit/http/settings'
import { StoreError } from '#kit/store/store'
import { root } from '#kit/testing/program'
import { startScriptedServer } from '#kit/testing/scripted-server'
import type { ServedBot } from '#kit/web/events'
import { createBotApp } from '#kit/web/serve'
import { createBot } from '../../../src/bot.ts'
import { partsOver, type TestDocument } from '../../../test/bot.ts'

const DOCUMENTS: TestDocument[] = [
  {
    name: 'backups.md',
    text: '# Backups\n\nBackups are kept for 35 days. They are made at 02:00.',
    metadata: { team: 'ops' },
  },
  {
    name: 'leave.md',
    text: '# Leave\n\nEverybody has 28 days of leave a year.',
    metadata: { team: 'people' },
  },
]
const contract = z.fromJSONSchema(JSON.parse(readFileSync(join(root, 'docs/ask-sse.v1.schema.json'), 'utf8')))

interface Event {
  event: string
  data: Record<string, unknown>
}

async function botOver(...given: Parameters<typeof partsOver>): Promise<ServedBot> {
  return { ...(await partsOver(...given)), createBot }
}

async function serveOver(bot: ServedBot, env: Record<string, string> = {}) {
  const settings = readHttpSettings({ PORT: '0', RATE_LIMIT: '1000', ...env })
  const logged: Record<string, unknown>[] = []
  const log = (event: string, fields: object) => void logged.push({ event, ...fields })
  const stopping = new AbortController()
  const app = createBotApp(bot, { settings, commit: null, log, directory: root })
  const { url, closed } = await serve(app, settings, { signal: stopping.signal, graceMs: 100 })
  onTestFinished(() => {
    stopping.abort()
    return closed
  })
  return { app, url, logged }
}

/** A bot behind a model that sends these pieces. */
async function scripted(pieces: readonly string[] | Promise<readonly string[]>, delayMs = 0) {
  const model = await startScriptedServer({ answer: () => pieces, delayMs })
  onTestFinished(model.close)
  const bot = await botOver(DOCUMENTS, { AI_PROVIDER: 'openai-compatible', ...model.env })
  return { ...(await serveOver(bot)), model }
}

const post = (url: string, body: unknown, init: RequestInit = {}) =>
  fetch(`${url}/api/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...init,
  })

async function readEvents(response: Response): Promise<Event[]> {
  const blocks = (await response.text()).split('\n\n').filter((block) => block.startsWith('event: '))
  return blocks.map((block) => {
    const [name = '', data = ''] = block.split('\n')
    return { event: name.replace('event: ', ''), data: JSON.parse(data.replace('data: ', '')) }
  })
}

const errorOf = (body: unknown) => (body as { error: { code: string } }).error
const ask = async (url: string, body: object) => readEvents(await post(url, body))
const QUESTION = 'How long are backups kept?'

describe('POST /api/ask', () => {
  it('streams sources, text and what was checked of it, as the contract says', async () => {
    const { url } = await serveOver(await botOver(DOCUMENTS))
    const response = await post(url, { question: QUESTION })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const events = await readEvents(response)
    for (const event of events) expect(contract.safeParse(event).error).toBeUndefined()
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['sources', 'delta', 'done']))
    expect([events[0]?.event, events.at(-1)?.event]).toEqual(['sources', 'done'])
    const { data } = events.at(-1) as Event
    expect(data).toMatchObject({ refused: false, used: [1], unknown: [], provider: 'heuristic' })
    const streamed = events.filter(({ event }) => event === 'delta').map(({ data }) => data['text'])
    expect(streamed.join('').trim()).toBe(data['text'])
  })

  it('names the very words that a claim rests on', async () => {
    const { url } = await serveOver(await botOver(DOCUMENTS))
    const events = await ask(url, { question: QUESTION })
    const { sources } = (events[0] as Event).data as { sources: { number: number; text: string }[] }
    const { citations } = (events.at(-1) as Event).data as unknown as {
      citations: { passages: { source: number; start: number; end: number }[] }[]
    }
    const [passage] = citations[0]?.passages ?? []
    const source = sources.find(({ number }) => number === passage?.source)
    expect(source?.text.slice(passage?.start, passage?.end)).toBe('Backups are kept for 35 days.')
  })

  it('refuses what the documents do not say, and takes a follow-up and a filter', async () => {
    const { url } = await serveOver(await botOver(DOCUMENTS))
    const done = async (body: object) => (await ask(url, body)).at(-1)?.data
    expect(await done({ question: 'Which colour has the carpet?' })).toMatchObject({
      refused: true,
      citations: [],
    })
    const history = [{ question: QUESTION, answer: 'For 35 days. [1]' }]
    expect(await done({ question: 'And at what time are they made?', history })).toMatchObject({
      refused: false,
    })
    const filter = { metadata: { team: 'people' } }
    expect(await done({ question: QUESTION, filter })).toMatchObject({ refused: true })
  })

  it('counts what this question used, not what others did', async () => {
    const { url } = await scripted(['Backups are kept for 35 days. [1]'])
    for (let round = 0; round < 2; round++)
      expect((await ask(url, { question: QUESTION })).at(-1)?.data).toMatchObject({
        ...{ provider: 'openai-compatible', model: 'scripted', usage: { calls: 1 } },
      })
  })

  it.each([
    [{}, 'question'],
    [{ question: '' }, 'question: is empty'],
    [{ question: ' \u200b\n' }, 'question: is empty'],
    [{ question: 'x'.repeat(2_001) }, 'question'],
    [{ question: 'a', more: 1 }, 'more'],
    [{ question: 'a', history: Array(21).fill({ question: 'a', answer: 'b' }) }, 'history'],
    [{ question: 'a', filter: { metadata: { a: [] } } }, 'filter.metadata.a'],
    [[], 'body'],
    [null, 'body'],
  ])('answers %j with 400 and the reason', async (body, reason) => {
    const { url } = await serveOver(await botOver([]))
    const response = await post(url, body)
    expect(response.status).toBe(400)
    expect(errorOf(await response.json())).toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining(reason),
    })
  })

  it('takes nothing but POST', async () => {
    const { url } = await serveOver(await botOver([]))
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await fetch(`${url}/api/ask`, { method })
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    }
  })

  it('ends with an event when the model fails, and keeps what it said from strangers', async () => {
    const bot = await botOver(DOCUMENTS, {
      AI_PROVIDER: 'openai-compatible',
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
      AI_MODEL: 'none',
    })
    const { url, logged } = await serveOver({ ...bot, llm: { ...bot.llm } })
    const events = await ask(url, { question: QUESTION })
    const last = events.at(-1)
    expect(contract.safeParse(last).error).toBeUndefined()
    expect(last).toMatchObject({
      event: 'error',
      data: { code: 'model_failed', message: 'The model failed: network' },
    })
    expect(logged).toContainEqual(expect.objectContaining({ event: 'failure', id: last?.data['id'] }))
  }, 20_000)

  it('ends with an event when the store fails', async () => {
    const bot = await botOver(DOCUMENTS)
    const failing = async () => {
      throw new StoreError('postgres://secret does not answer', 'hint')
    }
    bot.store.statistics = failing
    const { url } = await serveOver(bot)
    const events = await ask(url, { question: QUESTION })
    expect(events).toMatchObject([{ event: 'error', data: { code: 'store_failed' } }])
    expect(JSON.stringify(events)).not.toContain('secret')
    const search = await fetch(`${url}/api/search?q=backups`)
    expect([search.status, errorOf(await search.json()).code]).toEqual([503, 'store_failed'])
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
  })

  it('stops the model within 100 ms of its client leaving', async () => {
    const { url, model, app } = await scripted(Array(400).fill('word '), 25)
    const leaving = new AbortController()
    const response = await post(url, { question: QUESTION }, { signal: leaving.signal })
    const reader = response.body?.getReader()
    for (let read = ''; !read.includes('event: delta'); )
      read += new TextDecoder().decode((await reader?.read())?.value)
    const leftAt = performance.now()
    leaving.abort()
    while (model.counts.left === 0 && performance.now() - leftAt < 5_000) await sleep(2)
    expect(performance.now() - leftAt).toBeLessThan(100)
    expect(model.counts).toMatchObject({ finished: 0, left: 1 })
    await expect.poll(() => app.inFlight.size).toBe(0)
  })

  it('answers many at once, and everybody else that it is busy', async () => {
    let speak = (_pieces: string[]) => {}
    const { url } = await scripted(new Promise((resolve) => (speak = resolve)))
    const busy: Response[] = []
    const asked = Array.from({ length: 50 }, async () => {
      const response = await post(url, { question: QUESTION })
      if (response.status === 503) busy.push(response)
      return response
    })
    // No answer ends before the model speaks, so every rejection has happened by then.
    await expect.poll(() => busy.length, { timeout: 10_000 }).toBe(10)
    expect(busy[0]?.headers.get('retry-after')).toBe('1')
    speak(['Backups are kept ', 'for 35 days. [1]'])
    const responses = await Promise.all(asked)
    const answered = await Promise.all(responses.filter(({ status }) => status === 200).map(readEvents))
    expect(answered.map((events) => events.at(-1)?.event)).toEqual(Array(40).fill('done'))
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  }, 20_000)
})

describe('GET /api/search', () => {
  it('gives what an answer would rest on', async () => {
    const { url } = await serveOver(await botOver(DOCUMENTS))
    const response = await fetch(`${url}/api/search?q=backups+kept&limit=1`)
    expect(await response.json()).toMatchObject({
      ...{ schema: 'search.v1', question: 'backups kept', strategy: 'lexical' },
      hits: [{ number: 1, document: 'backups.md', title: 'Backups' }],
    })
  })

  it.each(['', '?q=', '?q=%20', '?q=a&limit=0', '?q=a&limit=21', '?q=a&limit=x', `?q=${'a'.repeat(2_001)}`])(
    'answers %j with 400',
    async (query) => {
      const { url } = await serveOver(await botOver(DOCUMENTS))
      expect((await fetch(`${url}/api/search${query}`)).status).toBe(400)
    },
  )
})

describe('the page', () => {
  it('is what public/ has, with a policy that lets nothing else run', async () => {
    const { url } = await serveOver(await botOver([]))
    const response = await fetch(`${url}/`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
    expect((await fetch(`${url}/js/app.js`)).headers.get('content-type')).toMatch(/javascript/)
  })

  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/%2e%2e%2fpackage.json',
    '/..%5cpackage.json',
    '/..\\package.json',
    '//etc/passwd',
    '/js//../../package.json',
    '/js/%00',
    '/index.html%00.js',
    '/.env',
    '/%c0%ae%c0%ae/package.json',
  ])('is all that can be read: %s', async (path) => {
    const { url } = await serveOver(await botOver([]))
    const response = await rawGet(url, path)
    expect(response).toMatch(/^HTTP\/1\.1 40[04] /)
    expect(response).not.toContain('"scripts"')
  })
})

/** `fetch` would tidy the path up first. */
async function rawGet(url: string, path: string): Promise<string> {
  const { port, host } = new URL(url)
  const { connect } = await import('node:net')
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
    socket.setEncoding('utf8').on('data', (data) => {
      received += data
    })
    socket.on('close', () => resolve(received)).on('error', reject)
  })
}
