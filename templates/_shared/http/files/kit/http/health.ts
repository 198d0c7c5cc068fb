import { Hono } from 'hono'
import { runWithDeadline } from '#kit/console/deadline'
import type { App, AppEnv } from './app.ts'

export interface Health {
  /** The commit that runs; null: unknown. */
  commit: string | null
  /** Throws while requests cannot be answered, for example because the database does not. */
  check: (signal: AbortSignal) => Promise<void>
}

const CHECK_MS = 2_000

/**
 * `/healthz`: the process answers, and which commit it is. `/readyz`: it can answer questions. `/metrics` for Prometheus. Balancers call them by an address, so they
 * are not bound to a name; none of them says anything about what is asked.
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
