import { Hono } from 'hono'
import { runWithDeadline } from '#kit/console/deadline'
import type { App, AppEnv } from './app.ts'

export interface Health {
  /** Hash of the running commit; null: unknown. */
  commit: string | null
  /** Throws while the server cannot answer requests, for example because the database is down. */
  check: (signal: AbortSignal) => Promise<void>
}

const CHECK_MS = 2_000

/**
 * `/healthz` reports that the process is alive, and its commit. `/readyz` reports whether it can answer
 * questions: 503 during a shutdown, or if `check` fails or takes more than 2 s. `/metrics` is for Prometheus.
 * Load balancers call these by IP address, so no Host check applies to them. None reveals what users ask.
 */
export function createHealthRoutes(app: App, { commit, check }: Health): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  routes.get('/healthz', (c) => c.json({ status: 'ok', commit, uptimeSeconds: Math.floor(process.uptime()) }))
  routes.get('/readyz', async (c) => {
    if (app.isDraining) return c.json({ status: 'shutting down' }, 503)
    const isReady = await isReadyWithin(CHECK_MS, check)
    return c.json({ status: isReady ? 'ready' : 'not ready' }, isReady ? 200 : 503)
  })
  routes.get('/metrics', async (c) => {
    const { registry } = app.metrics
    return c.body(await registry.metrics(), 200, { 'content-type': registry.contentType })
  })
  return routes
}

function isReadyWithin(ms: number, check: Health['check']): Promise<boolean> {
  const limit = { ms, late: () => new Error(`not ready within ${ms} ms`) }
  return runWithDeadline(undefined, limit, ({ signal }) => check(signal)).then(
    () => true,
    () => false,
  )
}
