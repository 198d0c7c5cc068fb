import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { type App, type AppOptions, createApp } from '#kit/http/app'
import { createJsonLog, type Log } from '#kit/http/log'
import { type ServeLimits, serve } from '#kit/http/serve'
import { type HttpSettings, readHttpSettings } from '#kit/http/settings'

export interface TestServer {
  app: App
  url: string
  port: number
  /** Log entries, oldest first. */
  logged: Record<string, unknown>[]
  /** Tells the server to stop, and waits until it has stopped. */
  stop: () => Promise<void>
}

export interface TestServerOptions extends Partial<Omit<AppOptions, 'settings'>> {
  env?: Record<string, string>
  limits?: Partial<ServeLimits>
  routes?: (app: App, settings: HttpSettings) => void
}

/** Starts a loopback server with the routes of a test, and stops it when the test ends. */
export async function startServer({
  env = {},
  limits = {},
  routes,
  ...options
}: TestServerOptions = {}): Promise<TestServer> {
  const settings = readHttpSettings({ PORT: '0', ...env })
  const { log, logged } = logInto()
  const health = { commit: null, check: async () => {} }
  const app = createApp({ settings, health, log, ...options })
  routes?.(app, settings)
  const stopping = new AbortController()
  const { url, closed } = await serve(app, settings, { signal: stopping.signal, graceMs: 100, ...limits })
  const stop = () => {
    stopping.abort()
    return closed
  }
  onTestFinished(stop)
  return { app, url, port: app.port, logged, stop }
}

function logInto(): { log: Log; logged: Record<string, unknown>[] } {
  const logged: Record<string, unknown>[] = []
  const lines = new PassThrough()
    .setEncoding('utf8')
    .on('data', (line: string) => void logged.push(JSON.parse(line)))
  return { log: createJsonLog(lines), logged }
}

export interface Sent {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string
}

export interface Received {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Sends a request with any headers: `fetch` forbids setting Host and Origin. Sends the path unchanged. */
export function send(
  port: number,
  { method = 'GET', path = '/', headers = {}, body }: Sent,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { ...{ host: '127.0.0.1', port, method, path, headers, agent: false } },
      async (response) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) })
      },
    )
    sent.on('error', reject).end(body)
  })
}

/** Writes only these bytes, and returns what comes back until the server closes the connection. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('utf8').on('data', (data) => {
      received += data
    })
    socket.on('close', () => resolve(received)).on('error', reject)
  })
}
