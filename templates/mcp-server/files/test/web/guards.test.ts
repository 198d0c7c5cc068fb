import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AppEnv } from '#kit/http/app'
import { HttpError } from '#kit/http/errors'
import { createHostCheck, guardHostAndOrigin } from '../../src/web/guards.ts'
import { listDraws } from '../random.ts'

const LOCAL = ['127.0.0.1', 'localhost', '[::1]']

/** Each host with whether it names a server on this port. */
function checkHosts(
  hosts: string[],
  { port = 8080, allowed = [] as string[] } = {},
): Record<string, unknown> {
  const isThisServer = createHostCheck(() => port, allowed)
  return Object.fromEntries(hosts.map((host) => [host, isThisServer(host)]))
}

/** The answer to a request with these headers: `here`, or the code of the error that the guard threw. */
async function ask(headers: Record<string, string>): Promise<string> {
  const routes = new Hono<AppEnv>()
  routes.use(guardHostAndOrigin((host) => host === 'notes.example.com'))
  routes.get('/', (c) => c.text('here'))
  routes.onError((error, c) =>
    c.text(error instanceof HttpError ? `${error.status} ${error.code}` : `${error}`),
  )
  return await (await routes.request('/', { headers })).text()
}

describe('a host', () => {
  it('names this server if it is a name of this machine with the port of the server', () => {
    const hosts = LOCAL.map((name) => `${name}:8080`)
    expect(checkHosts(hosts)).toEqual(Object.fromEntries(hosts.map((host) => [host, true])))
    expect(checkHosts(['LocalHost:8080', 'localhost:8081', 'localhost'])).toEqual({
      'LocalHost:8080': true,
      'localhost:8081': false,
      localhost: false,
    })
    expect(checkHosts(['localhost'], { port: 80 })).toEqual({ localhost: true })
  })

  it('does not name it if it only looks like this machine', () => {
    const hosts = [
      ...['evil.com', 'evil.com:8080', 'localhost.evil.com:8080', '127.0.0.1.evil.com:8080', '0.0.0.0:8080'],
      ...[
        '127.0.0.1:8080.evil.com',
        '127.0.0.1@evil.com:8080',
        'localhost:8080/',
        'localhost:',
        '::1:8080',
        '',
      ],
    ]
    expect(checkHosts(hosts)).toEqual(Object.fromEntries(hosts.map((host) => [host, false])))
    expect(checkHosts(['localhost:8080'])).toEqual({ 'localhost:8080': true })
  })

  it('names it if it is allowed: with any port, or with the port that it was allowed with', () => {
    const allowed = ['docs.example.com', 'other.example.com:8443']
    const hosts = ['docs.example.com', 'Docs.Example.com:444', 'other.example.com:8443', 'other.example.com']
    expect(checkHosts([...hosts, 'sub.docs.example.com', 'example.com'], { allowed })).toEqual({
      'docs.example.com': true,
      'Docs.Example.com:444': true,
      'other.example.com:8443': true,
      'other.example.com': false,
      'sub.docs.example.com': false,
      'example.com': false,
    })
  })

  it('names another local server only if that is allowed with its port', () => {
    const hosts = ['localhost:9999', '127.0.0.1', '[::1]:9999', 'localhost:3000']
    expect(checkHosts(hosts, { allowed: ['localhost', '127.0.0.1', '[::1]', 'localhost:3000'] })).toEqual({
      'localhost:9999': false,
      '127.0.0.1': false,
      '[::1]:9999': false,
      'localhost:3000': true,
    })
  })

  it('is asked about when the port is known, which is later than the guard', () => {
    let port = 0
    const isThisServer = createHostCheck(() => port, [])
    port = 5000
    expect(isThisServer('localhost:5000')).toBe(true)
  })

  it('is right for any name, port and case', () => {
    for (const { seed, number, pick } of listDraws(300)) {
      const [name, port] = [
        pick([...LOCAL, 'LOCALHOST', 'evil.com', 'localhost.evil.com', '127.0.0.2']),
        number(3),
      ]
      const names = [...LOCAL, 'LOCALHOST'].includes(name)
      const found = createHostCheck(() => 8080, [])(`${name}:${8080 + port}`)
      expect([`${name}:${8080 + port}`, found], seed).toEqual([`${name}:${8080 + port}`, names && port === 0])
    }
  })
})

describe('a request', () => {
  it('for this server is passed on, from a program or from a page of this server', async () => {
    const host = 'notes.example.com'
    expect(await ask({ host })).toBe('here')
    expect(await ask({ host, origin: 'https://notes.example.com' })).toBe('here')
    expect(await ask({ host, origin: 'http://notes.example.com' })).toBe('here')
  })

  it('for another host, or for none, is refused', async () => {
    expect(await ask({ host: 'evil.com' })).toBe('403 host_not_allowed')
    expect(await ask({})).toBe('403 host_not_allowed')
  })

  it('from a page of another server is refused, and so is every Origin that is no page’s', async () => {
    const host = 'notes.example.com'
    for (const origin of [
      ...['https://evil.com', 'null', '', 'file://', 'ftp://notes.example.com', 'notes.example.com'],
      ...[
        'https://notes.example.com/path',
        'https://notes.example.com.evil.com',
        'xhttps://notes.example.com',
      ],
    ])
      expect([origin, await ask({ host, origin })]).toEqual([origin, '403 origin_not_allowed'])
  })
})
