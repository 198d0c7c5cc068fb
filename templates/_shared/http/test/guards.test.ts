import { describe, expect, it } from 'vitest'
import { send, sendRaw, startServer, type TestServer } from './app.ts'

const open = (env: Record<string, string> = {}) =>
  startServer({ env, routes: ({ routes }) => routes.get('/here', (c) => c.text('here')) })
const statusOf = async ({ port }: TestServer, headers: Record<string, string>) =>
  (await send(port, { path: '/here', headers })).status

describe('a request', () => {
  it('is answered under the names of this machine, with the port of this server', async () => {
    const server = await open()
    for (const name of ['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST']) {
      const host = `${name}:${server.port}`
      expect(await statusOf(server, { host, origin: `http://${host}` })).toBe(200)
    }
  })

  it('to another host, or from a page of another, is refused', async () => {
    const server = await open()
    const host = `localhost:${server.port}`
    expect(await statusOf(server, { host: 'evil.com' })).toBe(403)
    expect(await statusOf(server, { host: `localhost:${server.port}.evil.com` })).toBeGreaterThanOrEqual(400)
    for (const origin of ['null', '', 'http://evil.com', 'http://localhost:9'])
      expect(await statusOf(server, { host, origin })).toBe(403)
  })

  it('without a Host is refused', async () => {
    const { port } = await open()
    expect(await sendRaw(port, 'GET /here HTTP/1.1\r\nhost: \r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 40[03] /,
    )
    expect(await sendRaw(port, 'GET /here HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 40[03] /)
  })

  it('is answered under an allowed name: with any port, or with the one that it was allowed with', async () => {
    const server = await open({ ALLOWED_HOSTS: 'docs.example.com, Other.example.com:8443' })
    const allowed = ['docs.example.com', 'docs.example.com:444', 'other.example.com:8443']
    for (const host of allowed) expect(await statusOf(server, { host, origin: `https://${host}` })).toBe(200)
    expect(await statusOf(server, { host: 'other.example.com' })).toBe(403)
    expect(await statusOf(server, { host: 'sub.docs.example.com' })).toBe(403)
  })

  it('from another local server is refused, also where this machine is an allowed name', async () => {
    const server = await open({ ALLOWED_HOSTS: 'localhost,127.0.0.1' })
    const host = `localhost:${server.port}`
    expect(await statusOf(server, { host, origin: `http://${host}` })).toBe(200)
    expect(await statusOf(server, { host, origin: 'http://localhost:9999' })).toBe(403)
  })

  it('for health may come under any name: balancers call by address', async () => {
    const { port } = await open()
    expect((await send(port, { path: '/healthz', headers: { host: '10.0.0.7' } })).status).toBe(200)
  })
})

it('every answer forbids its reader what only an attack would need', async () => {
  const { port } = await open()
  for (const path of ['/here', '/healthz', '/nowhere']) {
    const { headers } = await send(port, { path, headers: { host: `localhost:${port}` } })
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    )
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  }
})
