import { randomUUID } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import { secureHeaders } from 'hono/secure-headers'
import { createHostCheck, guardHostAndOrigin } from '#kit/http/guards'
import { type ErrorBody, HttpError, toErrorBody, toHttpError } from './errors.ts'
import { createHealthRoutes, type Health } from './health.ts'
import { InFlight } from './in-flight.ts'
import type { Log } from './log.ts'
import { type Metrics, openMetrics } from './metrics.ts'
import type { HttpSettings } from './settings.ts'

/** The Hono environment of every request. */
export interface AppEnv {
  Bindings: HttpBindings
  Variables: {
    /** Request id: in every error, in the log line, and in the X-Request-Id header of the response. */
    id: string
  }
}

export interface AppOptions {
  settings: HttpSettings
  health: Health
  log: Log
  maxBodyBytes?: number
}

/** An application without routes yet, and the state that it shares with its server. */
export interface App {
  routes: Hono<AppEnv>
  inFlight: InFlight
  metrics: Metrics
  log: Log
  /** True during a shutdown: new requests get a 503. */
  isDraining: boolean
  /** The port that the server listens on. A Host header that names this machine must include it. */
  port: number
}

/**
 * Creates an application with everything that runs before a route, in this order: request id, log line,
 * errors as JSON, security headers, health endpoints. Then it refuses requests during a shutdown, requests
 * for another host or from another page, and bodies over `maxBodyBytes` (64 KiB by default).
 */
export function createApp({ settings, health, log, maxBodyBytes = 64 * 1024 }: AppOptions): App {
  const routes = new Hono<AppEnv>()
  const app: App = {
    ...{ routes, log, inFlight: new InFlight(), metrics: openMetrics() },
    ...{ isDraining: false, port: settings.port },
  }
  routes.onError((error, c) => respondToFailure(error, c, log))
  routes.notFound((c) => respondToFailure(new HttpError(404, 'not_found', 'There is nothing here'), c, log))
  routes.use(observeRequests(app), cancelBodyOfHead, secureHeaders(HEADERS))
  routes.route('/', createHealthRoutes(app, health))
  routes.use(refuseWhileDraining(app))
  routes.use(guardHostAndOrigin(createHostCheck(() => app.port, settings.allowedHosts)))
  routes.use(bodyLimit({ maxSize: maxBodyBytes, onError: refuseTooLarge }))
  return app
}

/**
 * Allows only this server's content: no third-party script, style, image or frame, no embedding in another
 * page, no form submission.
 */
const HEADERS = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  // The proxy that terminates TLS decides about HSTS.
  strictTransportSecurity: false,
} satisfies Parameters<typeof secureHeaders>[0]

/** As nginx logs it. */
const CLIENT_GONE = 499

/**
 * Hono answers HEAD with the headers of GET. The client does not read the body of that answer, so its end would
 * never come: it is cancelled, with what belongs to it.
 */
const cancelBodyOfHead = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  if (c.req.method !== 'HEAD' || c.res.body === null) return
  await c.res.body.cancel()
  c.res = new Response(null, c.res)
})

function observeRequests({ log, metrics }: App) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const startedAt = performance.now()
    c.set('id', randomUUID())
    c.header('x-request-id', c.get('id'))
    const observe = () => {
      const { outgoing } = c.env
      const ms = Math.round(performance.now() - startedAt)
      const route = getRoutePattern(c)
      // A client that left before its answer began got none, whatever the answer would have been.
      const status = outgoing.headersSent ? c.res.status : CLIENT_GONE
      metrics.requests.observe({ method: c.req.method, route, status }, ms / 1_000)
      log('request', {
        ...{ id: c.get('id'), method: c.req.method, route, status, ms },
        complete: outgoing.writableFinished,
      })
    }
    c.env.outgoing.once('close', observe)
    await next()
  })
}

/** The route's pattern, not the URL: a URL can contain what a user asked. */
function getRoutePattern(c: Context<AppEnv>): string {
  return matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path ?? 'none'
}

function refuseWhileDraining(app: App) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (app.isDraining) {
      c.header('connection', 'close')
      throw new HttpError(503, 'shutting_down', 'This server is shutting down', { retryAfterSeconds: 5 })
    }
    await next()
  })
}

/** Closes the connection: otherwise the unread body would be read as the client's next request. */
function refuseTooLarge(c: Context): never {
  c.header('connection', 'close')
  throw new HttpError(413, 'too_large', 'The body is too large')
}

function respondToFailure(thrown: Error, c: Context<AppEnv>, log: Log): Response {
  const error = toHttpError(thrown)
  const id = c.get('id')
  const hasLeft = c.req.raw.signal.aborted || c.env.outgoing.destroyed
  if (error.status >= 500 && error !== thrown && !hasLeft) logFailure(log, id, thrown)
  if (error.retryAfterSeconds !== undefined) c.header('retry-after', String(error.retryAfterSeconds))
  const body: { error: ErrorBody } = { error: toErrorBody(error, id) }
  return c.json(body, error.status)
}

/** Logs an error with its message and stack, which clients never get. */
export function logFailure(log: Log, id: string, error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  log('failure', { id, message, stack: stack ?? null })
}
