import type { Env } from '#kit/console/env'
import { type Io, note } from '#kit/console/process'
import { type App, createApp, logFailure } from '#kit/http/app'
import { runningCommit } from '#kit/http/commit'
import { jsonLog, type Log } from '#kit/http/log'
import { limitRate } from '#kit/http/rate-limit'
import { serve } from '#kit/http/serve'
import { type HttpSettings, httpSettings } from '#kit/http/settings'
import { tracing } from '#kit/otel/http'
import {
  actRoute,
  decideRoute,
  eventsRoute,
  listRoute,
  showRoute,
  startRoute,
  wrongMethod,
} from './routes.ts'
import { Runs, type RunsOptions } from './runs.ts'

/** Serves runs over HTTP until it is told to stop. What is at work then stops as well, and can be gone on with. */
export async function serveRuns(
  options: Omit<RunsOptions, 'report'>,
  job: string,
  { io, env }: { io: Io; env: Env },
): Promise<void> {
  const settings = httpSettings(env)
  const commit = await runningCommit(io.env, io.directory)
  const log = jsonLog(io.stderr)
  const runs = new Runs({ ...options, report: (run, error) => logFailure(log, run, error) })
  const app = createRunsApp(runs, { settings, commit, log, job })
  const { url, closed } = await serve(app, settings, { signal: io.signal })
  note(io, `Runs about ${options.root} at ${url}. Ctrl-C stops.`)
  io.signal.addEventListener('abort', () => void runs.close(), { once: true })
  await closed
  await runs.close()
}

export interface RunsAppOptions {
  settings: HttpSettings
  commit: string | null
  log: Log
  /** The goal of a run that is started without one. */
  job: string
}

export function createRunsApp(runs: Runs, { settings, commit, log, job }: RunsAppOptions): App {
  const app = createApp({ settings, health: { commit, check: async () => {} }, log })
  const { routes } = app
  routes.use(tracing())
  routes.use('/api/*', limitRate(settings))
  routes.post('/api/runs', startRoute(runs, job))
  routes.get('/api/runs', listRoute(runs))
  routes.get('/api/runs/:id', showRoute(runs))
  routes.get('/api/runs/:id/events', eventsRoute(app, runs))
  routes.post('/api/runs/:id/approvals/:approval', decideRoute(runs))
  routes.post('/api/runs/:id/cancel', actRoute(runs, 'cancel'))
  routes.post('/api/runs/:id/resume', actRoute(runs, 'resume'))
  routes.all('/api/runs', wrongMethod('GET, POST'))
  routes.all('/api/runs/:id', wrongMethod('GET'))
  routes.all('/api/runs/:id/events', wrongMethod('GET'))
  for (const path of ['approvals/:approval', 'cancel', 'resume'])
    routes.all(`/api/runs/:id/${path}`, wrongMethod('POST'))
  return app
}
