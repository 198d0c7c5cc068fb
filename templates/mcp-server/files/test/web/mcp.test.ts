import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { called, clientOf, ERAS } from '../clients.ts'
import { messageOf, RESOURCE, send, startIssuer, startMcp } from './server.ts'

const METADATA = 'https://notes.example.com/.well-known/oauth-protected-resource/mcp'

describe.each(ERAS)('/mcp, for a client of %s', (era) => {
  const list = messageOf(era, 'tools/list')

  it('serves a real client', async () => {
    const { url } = await startMcp()
    const client = clientOf(era)
    await client.connect(new StreamableHTTPClientTransport(new URL(url)))
    expect(client.getServerVersion()?.name).toBe('notes')
    expect((await called(client, 'search_notes', { query: 'soup' })).text).toContain('Soup on Mondays.')
    await client.close()
  })

  it.each([
    ['an evil Host', { host: 'evil.example.com' }, 403],
    ['a name that only begins like ours', { host: 'localhost.evil.com' }, 403],
    ['an evil Origin', { origin: 'https://evil.example.com' }, 403],
    ['the null Origin', { origin: 'null' }, 403],
    ['a page of another local server', { origin: 'http://localhost:1' }, 403],
    ['a Host with another local port', { host: '127.0.0.1:1' }, 403],
    ['a form, which any page may send', { 'content-type': 'text/plain' }, 415],
  ])('refuses %s', async (_, headers, status) => {
    const { port } = await startMcp()
    const { body } = list
    expect((await send(port, { body, headers: { ...list.headers, ...headers } })).status).toBe(status)
  })

  it('answers its own page and its own name', async () => {
    const { port } = await startMcp()
    const headers = { ...list.headers, host: `localhost:${port}`, origin: `http://127.0.0.1:${port}` }
    expect((await send(port, { ...list, headers })).status).toBe(200)
  })

  it.each([
    ['no token', async () => undefined, 401],
    ['a word', async () => 'nonsense', 401],
    [
      'a token for another server',
      async ({ token }: Issuer) => token({ aud: 'https://other.example.com/mcp' }),
      401,
    ],
    ['a token without an audience', async ({ token }: Issuer) => token({ aud: undefined }), 401],
    [
      'a token of another issuer',
      async ({ token }: Issuer) => token({ iss: 'https://evil.example.com' }),
      401,
    ],
    ['a token that has expired', async ({ token }: Issuer) => token({ exp: 1_000_000_000 }), 401],
    ['a token that never expires', async ({ token }: Issuer) => token({ exp: undefined }), 401],
    [
      'a token with a key of one\u2019s own',
      async ({ token }: Issuer) => token({}, (await generateKeyPair('ES256')).privateKey),
      401,
    ],
    ['a token without a signature', async () => unsigned(), 401],
    ['a token that allows something else', async ({ token }: Issuer) => token({ scope: 'mail:read' }), 403],
    ['a good token', async ({ token }: Issuer) => token(), 200],
    [
      'a good token with its scopes in a list',
      async ({ token }: Issuer) => token({ scope: undefined, scp: ['notes:read'] }),
      200,
    ],
  ])('answers %s as it should', async (_, make, status) => {
    const issuer = await startIssuer()
    const { port } = await startMcp(issuer.auth, { ALLOWED_HOSTS: 'notes.example.com' })
    const token = await make(issuer)
    const headers = {
      ...list.headers,
      host: 'notes.example.com',
      ...(token && { authorization: `Bearer ${token}` }),
    }
    const answer = await send(port, { ...list, headers })
    expect(answer.status).toBe(status)
    if (status === 200) return
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer /)
    expect(answer.headers['www-authenticate']).toContain(`resource_metadata="${METADATA}"`)
    expect(answer.body).not.toContain('Soup')
  })

  it('asks for more than reading where a tool writes', async () => {
    const { auth, token } = await startIssuer()
    const { port } = await startMcp(auth)
    const call = messageOf(era, 'tools/call', { name: 'add_note', arguments: { name: 'x.md', text: 'x' } })
    const as = async (scope: string) =>
      send(port, { ...call, headers: { ...call.headers, authorization: `Bearer ${await token({ scope })}` } })
    const refused = await as('notes:read')
    expect(refused.status).toBe(403)
    expect(refused.headers['www-authenticate']).toContain('error="insufficient_scope"')
    expect(refused.headers['www-authenticate']).toContain('notes:write')
    expect((await as('notes:read notes:write')).body).toContain('is there.')
  })

  it('says that it cannot check a token when the keys cannot be had', async () => {
    const { auth, token, close } = await startIssuer()
    const { port, logged } = await startMcp(auth)
    await close()
    const headers = { ...list.headers, authorization: `Bearer ${await token()}` }
    expect((await send(port, { ...list, headers })).status).toBe(500)
    expect(logged).toContainEqual(expect.objectContaining({ event: 'reported' }))
  })

  it('refuses what is too large, too often, not JSON, or no call', async () => {
    const { port } = await startMcp(undefined, { RATE_LIMIT: '3' })
    const { headers } = list
    expect((await send(port, { headers, body: 'x'.repeat(700_000) })).status).toBe(413)
    expect((await send(port, { headers, body: '{' })).status).toBe(400)
    expect((await send(port, { headers, body: '[]' })).status).toBe(400)
    expect((await send(port, { headers: { ...headers, accept: 'text/html' }, body: list.body })).status).toBe(
      era === '2026-07-28' ? 200 : 406,
    )
    const limited = await send(port, list)
    expect([limited.status, Number(limited.headers['retry-after']) > 0]).toEqual([429, true])
  })

  it.each([
    [undefined, /json|event-stream/],
    ['*/*', /json|event-stream/],
    ['application/*, text/*;q=0.5', /json|event-stream/],
    ['application/json', /^application\/json/],
    ['text/event-stream', /^text\/event-stream/],
    ['text/event-stream;q=0, */*', /^application\/json/],
  ])('answers a client that accepts %s', async (accept, type) => {
    const { port } = await startMcp()
    const { accept: _, ...others } = list.headers
    const headers = accept === undefined ? others : { ...others, accept }
    const answer = await send(port, { ...list, headers })
    expect([answer.status, answer.headers['content-type']]).toEqual([200, expect.stringMatching(type)])
    const [message = ''] = answer.body
      .split('\n')
      .flatMap((line) => /^(?:data: )?(\{.*)/.exec(line)?.[1] ?? [])
    expect(JSON.stringify(JSON.parse(message).result.tools)).toContain('search_notes')
  })

  it('takes the longest note that the schema allows, in the longest form of JSON', async () => {
    const { port } = await startMcp()
    const text = '\u8b70'.repeat(100_000)
    const call = messageOf(era, 'tools/call', { name: 'add_note', arguments: { name: 'long.md', text } })
    const body = call.body.replaceAll('\u8b70', '\\u8b70')
    const answer = await send(port, { ...call, body })
    expect(answer.body).toContain('is there.')
  })

  it('answers a call whose arguments are null', async () => {
    const { port } = await startMcp()
    const call = messageOf(era, 'tools/call', { name: 'list_notes', arguments: null })
    expect((await send(port, call)).body).toContain('deploy.md')
  })

  it('has no streams or sessions that outlive a request', async () => {
    const { port } = await startMcp()
    for (const method of ['GET', 'DELETE', 'PUT'])
      expect(
        (await send(port, { method, headers: { ...list.headers, accept: 'text/event-stream' } })).status,
      ).toBe(405)
  })
})

type Issuer = Awaited<ReturnType<typeof startIssuer>>

function unsigned(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ iss: 'https://issuer.example.com', aud: RESOURCE, exp: 9e9, scope: 'notes:read' })}.`
}

describe('a client of 2026-07-28', () => {
  const list = messageOf('2026-07-28', 'tools/list')

  it.each([
    ['mcp-method', 'tools/call'],
    ['mcp-protocol-version', '2025-11-25'],
    ['mcp-protocol-version', '1999-01-01'],
  ])('is refused when its %s says %j and its body does not', async (name, value) => {
    const { port } = await startMcp()
    expect((await send(port, { ...list, headers: { ...list.headers, [name]: value } })).status).toBe(400)
  })
})

describe('the metadata of the resource', () => {
  it.each(['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'])(
    'is at %s, for clients that have no token yet',
    async (path) => {
      const { auth } = await startIssuer()
      const { port } = await startMcp(auth)
      const { status, body } = await send(port, { method: 'GET', path })
      expect([status, JSON.parse(body)]).toEqual([
        200,
        {
          ...{
            resource: RESOURCE,
            resource_name: 'Notes',
            authorization_servers: ['https://issuer.example.com'],
          },
          ...{ scopes_supported: ['notes:read', 'notes:write'], bearer_methods_supported: ['header'] },
        },
      ])
    },
  )

  it('is not there where no token is asked for', async () => {
    const { port } = await startMcp()
    expect((await send(port, { method: 'GET', path: '/.well-known/oauth-protected-resource' })).status).toBe(
      404,
    )
  })
})

describe('a server that is told to stop', () => {
  it('ends streams of changes, and what it was asked before', async () => {
    const { port, stop } = await startMcp()
    const listen = messageOf('2026-07-28', 'subscriptions/listen', {
      notifications: { resourcesListChanged: true },
    })
    const open = send(port, listen)
    await expect.poll(async () => (await send(port, messageOf('2025-11-25', 'tools/list'))).status).toBe(200)
    await stop()
    await expect(open).resolves.toMatchObject({ status: 200 })
  })
})
