import type { Env } from '#kit/console/env'
import { type Io, note } from '#kit/console/process'
import { type App, createApp, logFailure } from '#kit/http/app'
import { findRunningCommit } from '#kit/http/commit'
import { createJsonLog, type Log } from '#kit/http/log'
import { limitRate } from '#kit/http/rate-limit'
import { serve } from '#kit/http/serve'
import { type HttpSettings, readHttpSettings } from '#kit/http/settings'
import { traceRequests } from '#kit/otel/http'
import type { ServedAgent } from './agent.ts'
import {
  actRoute,
  createEventsRoute,
  decideRoute,
  listRoute,
  refuseMethod,
  showRoute,
  startRoute,
} from './routes.ts'
import { Runs } from './runs.ts'

/** Serves runs over HTTP until the signal of `io`. Runs at work then stop as well, and can be resumed. */
export async function serveRuns(
  agent: ServedAgent,
  { job, io, env, atOnce }: { job: string; io: Io; env: Env; atOnce: number },
): Promise<void> {
  const settings = readHttpSettings(env)
  const commit = await findRunningCommit(io.env, io.directory)
  const log = createJsonLog(io.stderr)
  const runs = new Runs({ agent, atOnce, report: (run, error) => logFailure(log, run, error) })
  const app = createRunsApp(runs, { settings, commit, log, job })
  const { url, closed } = await serve(app, settings, { signal: io.signal })
  note(io, `Runs about ${agent.root} at ${url}. Ctrl-C stops.`)
  io.signal.addEventListener('abort', () => void runs.close(), { once: true })
  await closed
  await runs.close()
}

export interface RunsAppOptions {
  settings: HttpSettings
  commit: string | null
  log: Log
  /** The goal of a run that a request starts without one. */
  job: string
}

export function createRunsApp(runs: Runs, { settings, commit, log, job }: RunsAppOptions): App {
  const app = createApp({ settings, health: { commit, check: async () => {} }, log })
  const { routes } = app
  routes.use(traceRequests())
  routes.use('/api/*', limitRate(settings))
  routes.post('/api/runs', startRoute(runs, job))
  routes.get('/api/runs', listRoute(runs))
  routes.get('/api/runs/:id', showRoute(runs))
  routes.get('/api/runs/:id/events', createEventsRoute(app, runs))
  routes.post('/api/runs/:id/approvals/:approval', decideRoute(runs))
  routes.post('/api/runs/:id/cancel', actRoute(runs, 'cancel'))
  routes.post('/api/runs/:id/resume', actRoute(runs, 'resume'))
  routes.all('/api/runs', refuseMethod('GET, POST'))
  routes.all('/api/runs/:id', refuseMethod('GET'))
  routes.all('/api/runs/:id/events', refuseMethod('GET'))
  for (const path of ['approvals/:approval', 'cancel', 'resume'])
    routes.all(`/api/runs/:id/${path}`, refuseMethod('POST'))
  return app
}
