import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parseJsonBody } from '#kit/http/json-body'
import { limitRate } from '#kit/http/rate-limit'
import { send, sendRaw, startServer, type TestServerOptions } from './app.ts'

const schema = z.strictObject({ word: z.string() })
const open = (options: TestServerOptions = {}) =>
  startServer({
    routes: ({ routes }) => routes.post('/words', async (c) => c.json(await parseJsonBody(c, schema))),
    ...options,
  })
const JSON_TYPE = { 'content-type': 'application/json' }
const post = (port: number, body: string, headers: Record<string, string> = JSON_TYPE) =>
  send(port, { method: 'POST', path: '/words', body, headers: { host: `127.0.0.1:${port}`, ...headers } })

describe('a body', () => {
  it('is taken when it is what is asked for', async () => {
    const { port } = await open()
    for (const type of ['application/json', 'Application/JSON; charset=utf-8'])
      expect(await post(port, '{"word":"ünï"}', { 'content-type': type })).toMatchObject({
        status: 200,
        body: '{"word":"ünï"}',
      })
  })

  it('is taken in pieces of unknown length as well', async () => {
    const { port } = await open()
    const head = `POST /words HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\nconnection: close\r\n`
    const answer = await sendRaw(
      port,
      `${head}transfer-encoding: chunked\r\n\r\nc\r\n{"word":"a"}\r\n0\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"word":"a"\}$/)
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-patch',
    '',
  ])('of type %j is what a form of another page can send: 415', async (type) => {
    const { port } = await open()
    expect((await post(port, '{"word":"a"}', type === '' ? {} : { 'content-type': type })).status).toBe(415)
  })

  it.each([
    ['that is no JSON', '{"word":', 'The body is not JSON'],
    ['that is empty', '', 'The body is not JSON'],
    ['of 10,000 brackets', '['.repeat(10_000), 'The body is not JSON'],
    ['of 10,000 lists in each other', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'The body is not JSON'],
    ['with another type', '{"word":1}', 'word:'],
    ['with unknown keys', '{"word":"a","more":1}', 'more'],
    ['with __proto__', '{"word":"a","__proto__":{"admin":true}}', 'The body is not JSON'],
    ['with __proto__ inside', '{"word":{"__proto__":1}}', 'The body is not JSON'],
  ])('%s is a bad request', async (_, body, reason) => {
    const { port } = await open()
    const answer = await post(port, body)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body).error.message).toContain(reason)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('of more than the limit is refused, and the connection closed, whether it says its length or not', async () => {
    const { port } = await open({ maxBodyBytes: 1_000 })
    const head = `POST /words HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n`
    const long = 'x'.repeat(2_000)
    const said = await sendRaw(port, `${head}content-length: 2000\r\n\r\n${long}`)
    const chunked = await sendRaw(
      port,
      `${head}transfer-encoding: chunked\r\n\r\n7d0\r\n${long}\r\n0\r\n\r\n`,
    )
    for (const answer of [said, chunked]) {
      expect(answer).toMatch(/^HTTP\/1\.1 413 /)
      expect(answer).toContain('"code":"too_large"')
    }
  })
})

describe('a slow client', { timeout: 15_000 }, () => {
  const limits = { headersMs: 200, requestMs: 400 }

  it('that does not end its headers gets 408, and no connection', async () => {
    const { port } = await open({ limits })
    const startedAt = performance.now()
    expect(await sendRaw(port, 'GET /words HTTP/1.1\r\nhost: localhost\r\nx-slow: ')).toMatch(
      /^HTTP\/1\.1 408 /,
    )
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  it('that does not end its body gets 408, and no connection', async () => {
    const { port } = await open({ limits })
    const head = `POST /words HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`
    const startedAt = performance.now()
    expect(await sendRaw(port, head)).toMatch(/^HTTP\/1\.1 408 /)
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })
})

it('headers of 20 KB are refused with 431', async () => {
  const { port } = await open()
  const head = `GET / HTTP/1.1\r\nhost: localhost\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`
  expect(await sendRaw(port, head)).toMatch(/^HTTP\/1\.1 431 /)
})

describe('the rate limit', () => {
  const limited = (env: Record<string, string>) =>
    startServer({
      env: { RATE_LIMIT: '3', ...env },
      routes({ routes }, settings) {
        routes.use('/limited', limitRate(settings))
        routes.get('/limited', (c) => c.text('here'))
      },
    })
  const ask = (port: number, headers: Record<string, string> = {}) =>
    send(port, { path: '/limited', headers: { host: `127.0.0.1:${port}`, ...headers } })

  it('says when to come back, and leaves health alone', async () => {
    const { port } = await limited({})
    for (let request = 0; request < 3; request++) expect((await ask(port)).status).toBe(200)
    const refused = await ask(port)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50)
    expect(JSON.parse(refused.body).error).toMatchObject({
      code: 'rate_limited',
      hint: expect.stringContaining('Try again in'),
    })
    expect((await send(port, { path: '/healthz' })).status).toBe(200)
  })

  it('believes a proxy about who asks only where there is one, and of its list the last', async () => {
    const direct = await limited({})
    for (let request = 0; request < 3; request++)
      await ask(direct.port, { 'x-forwarded-for': `10.0.0.${request}` })
    expect((await ask(direct.port, { 'x-forwarded-for': '10.0.0.9' })).status).toBe(429)
    const behind = await limited({ TRUST_PROXY: '1' })
    const from = (address: string) => ask(behind.port, { 'x-forwarded-for': `${Math.random()}, ${address}` })
    for (let request = 0; request < 3; request++) expect((await from('10.0.0.1')).status).toBe(200)
    expect((await from('10.0.0.1')).status).toBe(429)
    expect((await from('10.0.0.2')).status).toBe(200)
  })

  it('takes the network of an IPv6 address for one client', async () => {
    const { port } = await limited({ TRUST_PROXY: '1' })
    const from = (address: string) => ask(port, { 'x-forwarded-for': address })
    for (const last of ['1', '2', '3']) expect((await from(`2001:db8:1:2::${last}`)).status).toBe(200)
    expect((await from('2001:db8:1:2:3:4:5:6')).status).toBe(429)
    expect((await from('2001:db8:1:3::1')).status).toBe(200)
  })
})
