import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { onTestFinished } from 'vitest'
import type { AuthSettings } from '#kit/auth/settings'
import { serve } from '#kit/http/serve'
import { readHttpSettings } from '#kit/http/settings'
import { Notes } from '../../src/notes/notes.ts'
import { createMcpApp } from '../../src/web/serve.ts'
import type { Era } from '../clients.ts'
import { notesFolder, SAMPLE } from '../notes-folder.ts'

export const RESOURCE = 'https://notes.example.com/mcp'
export const ISSUER = 'https://issuer.example.com'

export interface TestServer {
  port: number
  url: string
  logged: Record<string, unknown>[]
  stop: () => Promise<void>
}

/** The deployed server, on loopback. */
export async function startMcp(auth?: AuthSettings, env: Record<string, string> = {}): Promise<TestServer> {
  const settings = readHttpSettings({ PORT: '0', RATE_LIMIT: '10000', ...env })
  const notes = await Notes.open(notesFolder(SAMPLE))
  const logged: Record<string, unknown>[] = []
  const log = (event: string, fields: object) => void logged.push({ event, ...fields })
  const report = (error: unknown) => void logged.push({ event: 'reported', error })
  const stopping = new AbortController()
  const { signal } = stopping
  const app = await createMcpApp(
    { notes, readOnly: false, report },
    { settings, auth, commit: null, log, signal },
  )
  const { url, closed } = await serve(app, settings, { signal, graceMs: 2_000 })
  const stop = () => {
    stopping.abort()
    return closed
  }
  onTestFinished(stop)
  return { port: app.port, url: `${url}/mcp`, logged, stop }
}

/** An issuer of tokens, whose public keys come from a server on loopback. */
export async function startIssuer() {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] }
  const { createServer } = await import('node:http')
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(keys)),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => new Promise((resolve) => server.close(resolve))
  onTestFinished(async () => void (await close()))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const auth: AuthSettings = {
    ...{ issuer: ISSUER, resource: new URL(RESOURCE) },
    keys: { url: new URL(`http://127.0.0.1:${port}/jwks`) },
  }
  const token = (claims: Record<string, unknown> = {}, key = privateKey) => {
    const now = Math.floor(Date.now() / 1_000)
    const all = {
      iss: ISSUER,
      aud: RESOURCE,
      sub: 'me',
      scope: 'notes:read',
      iat: now,
      exp: now + 600,
      ...claims,
    }
    const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    return new SignJWT(kept).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(key)
  }
  return { auth, token, close }
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** A request with exactly these headers: `fetch` would not send another Host. */
export function send(
  port: number,
  {
    method = 'POST',
    path = '/mcp',
    headers = {},
    body = '',
  }: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method, path, headers }, async (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** A call as a client of this era sends it. */
export function messageOf(era: Era, method: string, params: Record<string, unknown> = {}) {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': era,
  }
  if (era === '2025-11-25')
    return { headers, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) }
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': era,
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  headers['mcp-method'] = method
  if (typeof params['name'] === 'string') headers['mcp-name'] = params['name']
  return { headers, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }) }
}
