import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the server of the RAG bot sends with its page. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}
const PAGE = 'templates/rag-bot/files/public'

interface Asked {
  question: string
  history?: { question: string; answer: string }[]
}

/** A play: `cut` ends the connection in the middle, a number waits so many milliseconds, an object is an event, a string goes out as it is. */
export type Act = 'cut' | number | { event: string; data: unknown } | { raw: string }
export type Play = Act[] | { status: number; headers?: Record<string, string>; body: unknown }

export interface Stub {
  url: string
  /** The bodies of all questions so far. */
  asked: Asked[]
  /** Questions whose connection the page closed before the answer was complete. */
  aborted: string[]
  /** What the next questions get, by the question's text. */
  plays: Map<string, Play>
  close(): Promise<void>
}

/** The page, served with the headers that it will have, and answers that are scripted. On a port of its own on loopback. */
export async function startStub(): Promise<Stub> {
  const stub = { asked: [] as Asked[], aborted: [] as string[], plays: new Map<string, Play>() }
  const server = createServer((request, response) => {
    const handled = request.method === 'POST' ? answer(request, response, stub) : file(request, response)
    handled.catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...stub,
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function file(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://stub')
  const path = join(PAGE, normalize(pathname === '/' ? '/index.html' : pathname))
  const content = await readFile(path).catch(() => undefined)
  response.writeHead(content ? 200 : 404, {
    ...HEADERS,
    'content-type': TYPES[extname(path)] ?? 'text/plain',
  })
  response.end(content ?? 'not found')
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { asked, aborted, plays }: Omit<Stub, 'url' | 'close'>,
): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  const body: Asked = JSON.parse(Buffer.concat(parts).toString('utf8'))
  asked.push(body)
  const play = plays.get(body.question)
  if (play === undefined) throw new Error(`there is no play for: ${body.question}`)
  if (!Array.isArray(play)) {
    response.writeHead(play.status, { ...HEADERS, 'content-type': 'application/json', ...play.headers })
    response.end(JSON.stringify(play.body))
    return
  }
  response.on('close', () => {
    if (!response.writableFinished && !response.errored) aborted.push(body.question)
  })
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' })
  for (const act of play) await perform(act, response)
  response.end()
}

async function perform(act: Act, response: ServerResponse): Promise<void> {
  if (response.destroyed) return
  if (act === 'cut') response.destroy()
  else if (typeof act === 'number') await sleep(act)
  else {
    const text = 'raw' in act ? act.raw : `event: ${act.event}\ndata: ${JSON.stringify(act.data)}\n\n`
    if (!response.write(text)) await writable(response)
  }
}

/** Waits until a slow reader has read, or has gone. */
async function writable(response: ServerResponse): Promise<void> {
  const stop = new AbortController()
  const { signal } = stop
  const waits = ['drain', 'close'].map((name) => once(response, name, { signal }).catch(() => undefined))
  await Promise.race(waits)
  stop.abort()
}
