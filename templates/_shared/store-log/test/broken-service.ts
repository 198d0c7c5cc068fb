import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Ways in which a service can fail. */
const ANSWERS: Record<string, RequestListener> = {
  'answers 401': (_, response) => response.writeHead(401).end('{"message":"not with hush-hush"}'),
  'answers 403': (_, response) => response.writeHead(403).end('{"error":"Forbidden"}'),
  'answers 404': (_, response) => response.writeHead(404).end('no such page'),
  'answers 429': (_, response) => response.writeHead(429, { 'retry-after': '0' }).end('{}'),
  'answers 429 for an hour': (_, response) => response.writeHead(429, { 'retry-after': '3600' }).end('{}'),
  'answers 500': (_, response) => response.writeHead(500).end('<html>\nsorry\n</html>'),
  'answers with another page': (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'),
  'breaks off in the middle of an answer': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '900' })
    response.write('{"half":')
    setTimeout(() => response.destroy(), 20)
  },
  'never answers': () => {},
  'hangs up': (request) => request.socket.destroy(),
}

/**
 * Tests that every failure of a service becomes one line about what is wrong and one about what to do, within
 * the time limit and without the key. `use` opens an index at the address, with a limit of one second per
 * call.
 */
export function describeFailures(name: string, use: (url: string) => Promise<unknown>): void {
  describe(`${name} that is broken`, { timeout: 15_000 }, () => {
    it.each(Object.entries(ANSWERS))('%s', async (_, answer) => {
      const server = createServer(answer)
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      try {
        await expectOneLine(use(url))
      } finally {
        server.closeAllConnections()
        server.close()
      }
    })

    it('is down', () => expectOneLine(use('http://127.0.0.1:1')))
  })
}

async function expectOneLine(work: Promise<unknown>): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({
    name: 'StoreError',
    message: expect.stringMatching(/^[^\n]{10,400}$/),
    hint: expect.stringMatching(/^[^\n]{10,300}$/),
  })
  for (const part of [error, (error as Error).cause]) {
    const { message = '', stack = '' } = (part ?? {}) as Partial<Error>
    expect(`${message} ${stack} ${JSON.stringify(part)}`).not.toContain('hush-hush')
  }
}

/** Runs a loopback server for the tests of a file. Returns the function that gives its URL. */
export function useServer(listener: RequestListener): () => string {
  const server = createServer(listener)
  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
