import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { describeNetworkFailure, explainNetworkFailure } from '#kit/net/failure'

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** What a real request to an address fails with. */
async function fail(url: string, init: RequestInit = {}): Promise<string> {
  const error = await fetch(url, init).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeDefined()
  return describeNetworkFailure(error, url)
}

describe('the sentences about a request without an answer', () => {
  it('name a host that nothing listens on', async () => {
    const server = createServer()
    const port = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    expect(await fail(`http://127.0.0.1:${port}/healthz?key=hush`)).toBe(
      `127.0.0.1:${port} refused the connection (ECONNREFUSED). Start the server, or correct host and port.`,
    )
  })

  it('name a host whose server hangs up', async () => {
    const port = await listen(createServer((socket) => socket.once('data', () => socket.destroy())))
    expect(await fail(`http://127.0.0.1:${port}`)).toMatch(
      new RegExp(
        `^127\\.0\\.0\\.1:${port} closed the connection before it had answered \\(\\w+\\)\\. Look at`,
      ),
    )
  })

  it('name a host that does not answer in time', async () => {
    const server = createServer()
    const port = await listen(server)
    const text = await fail(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(50) })
    expect(text).toMatch(/^127\.0\.0\.1:\d+ did not answer in time\. Check that it is running/)
  })

  it('name a host that speaks no TLS, no HTTP, or answers with a redirect', async () => {
    const plain = await listen(createHttpServer((_, response) => response.end('hello')))
    expect(await fail(`https://127.0.0.1:${plain}`)).toMatch(/does not speak TLS on this port/)
    const noise = await listen(createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))
    expect(await fail(`http://127.0.0.1:${noise}`)).toMatch(/answered with something other than HTTP \(HPE_/)
    const moved = await listen(
      createHttpServer((_, response) => response.writeHead(302, { location: '/elsewhere' }).end()),
    )
    expect(await fail(`http://127.0.0.1:${moved}`, { redirect: 'error' })).toMatch(/answered with a redirect/)
  })

  it.each([
    ['ENOTFOUND', 'DNS knows no host named notes.example (ENOTFOUND). Check the spelling'],
    ['EAI_AGAIN', 'DNS did not answer when asked for notes.example (EAI_AGAIN). Check the network'],
    ['ETIMEDOUT', 'notes.example:8443 did not answer in time (ETIMEDOUT). Check'],
    ['UND_ERR_CONNECT_TIMEOUT', 'notes.example:8443 did not answer in time (UND_ERR_CONNECT_TIMEOUT). Check'],
    ['ECONNRESET', 'notes.example:8443 closed the connection before it had answered (ECONNRESET). Look'],
    ['EHOSTUNREACH', 'This machine has no route to notes.example:8443 (EHOSTUNREACH). Check'],
    ['CERT_HAS_EXPIRED', 'The certificate of notes.example:8443 has expired (CERT_HAS_EXPIRED). Renew it'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'is not signed by an authority that this machine trusts (DEPTH_ZERO'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'is for another name (ERR_TLS_CERT_ALTNAME_INVALID). Use'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'does not speak TLS on this port'],
  ])('say what %s means, for the code alone, as a cause, and as one of several', (code, said) => {
    const url = 'https://user:hush@notes.example:8443/path?token=hush'
    const system = Object.assign(new Error(`getaddrinfo ${code}`), { code })
    const several = new AggregateError([system])
    for (const error of [system, new TypeError('fetch failed', { cause: system }), several]) {
      const text = describeNetworkFailure(error, url)
      expect(text).toContain(said)
      expect(text).not.toContain('hush')
    }
  })

  it('repeat the reason of a failure that they do not know', () => {
    const error = new TypeError('fetch failed', { cause: new Error('the moon is in the way') })
    expect(explainNetworkFailure(error, 'https://notes.example')).toEqual({
      problem: 'The request to notes.example failed: the moon is in the way',
      hint: 'Check the network, then try again.',
    })
  })
})
