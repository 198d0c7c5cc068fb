import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import type { App } from './app.ts'
import { HttpError } from './errors.ts'
import type { HttpSettings } from './settings.ts'

export interface ServeLimits {
  /** Milliseconds to receive the head of a request: a slower client would hold a connection for nothing. */
  headersMs: number
  /** Milliseconds to receive the whole request. The answer may take longer. */
  requestMs: number
  connections: number
  /** Milliseconds to read and refuse what was sent before clients can know of a shutdown. */
  lingerMs: number
  /** Milliseconds that requests in progress may continue after the server was told to stop. */
  graceMs: number
}

const LIMITS: ServeLimits = {
  headersMs: 3_000,
  requestMs: 6_000,
  connections: 1_000,
  lingerMs: 500,
  graceMs: 10_000,
}
/** Milliseconds for an aborted stream to send its error event. */
const FAREWELL_MS = 500
const LINGER_STEP_MS = 25

export interface Served {
  url: string
  /** Resolves once `signal` has aborted and the server has stopped. */
  closed: Promise<void>
}

/**
 * Listens until `signal` aborts. Then it accepts no new requests, gives those in progress `graceMs` to end,
 * and closes. Throws a ListenError if it cannot listen on the address. An unhandled failure is a bug and ends
 * the process; its supervisor restarts it.
 */
export async function serve(
  app: App,
  { host, port }: HttpSettings,
  { signal, ...limits }: { signal: AbortSignal } & Partial<ServeLimits>,
): Promise<Served> {
  const { headersMs, requestMs, connections, lingerMs, graceMs } = { ...LIMITS, ...limits }
  const serverOptions = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: 500,
    keepAliveTimeout: 5_000,
  }
  const server = createAdaptorServer({
    ...{ fetch: app.routes.fetch, createServer, serverOptions },
  }) as Server
  server.maxConnections = connections
  await listen(server, host, port)
  app.port = (server.address() as AddressInfo).port
  const name = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${name}:${app.port}`,
    closed: waitForAbort(signal).then(() => drain(app, server, { lingerMs, graceMs })),
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new ListenError(host, port, error)))
    server.listen(port, host, resolve)
  })
}

class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly hint = 'Stop what uses the port, or choose another: PORT=8081. PORT=0 takes any that is free.'

  constructor(host: string, port: number, { message }: Error) {
    super(`The server cannot listen on ${host}:${port}: ${message}`)
  }
}

function waitForAbort(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

async function drain(
  app: App,
  server: Server,
  { lingerMs, graceMs }: Pick<ServeLimits, 'lingerMs' | 'graceMs'>,
): Promise<void> {
  app.isDraining = true
  app.log('draining', { inFlight: app.inFlight.size })
  await linger(server, lingerMs)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  if (!(await app.inFlight.settled(graceMs))) {
    app.inFlight.abortAll(new HttpError(503, 'shutting_down', 'This server is shutting down'))
    await app.inFlight.settled(FAREWELL_MS)
  }
  // Responses may still be on their way; a client that no longer reads must not keep the process alive.
  const forced = setTimeout(() => server.closeAllConnections(), FAREWELL_MS)
  await closed
  clearTimeout(forced)
  app.log('stopped', {})
}

/**
 * Keeps listening for a moment, so that what is on its way gets an answer: `close` resets connections whose
 * request has arrived and was not read yet, since Node takes them for idle. Ends early without connections.
 */
async function linger(server: Server, ms: number): Promise<void> {
  const until = performance.now() + ms
  do {
    await sleep(Math.min(ms, LINGER_STEP_MS))
    // A busy loop runs late timers before it reads sockets, and this callback after that.
    await setImmediate()
  } while (performance.now() < until && (await countConnections(server)) > 0)
  await setImmediate()
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)))
}
