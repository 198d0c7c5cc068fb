import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import type { Context } from 'hono'
import { loadEnv } from '#kit/console/env'
import { type Io, note } from '#kit/console/process'
import { createAdmission } from '#kit/http/admission'
import { type App, type AppEnv, createApp } from '#kit/http/app'
import { findRunningCommit } from '#kit/http/commit'
import { HttpError } from '#kit/http/errors'
import { createJsonLog, type Log } from '#kit/http/log'
import { limitRate } from '#kit/http/rate-limit'
import { serve } from '#kit/http/serve'
import { type HttpSettings, readHttpSettings } from '#kit/http/settings'
import { traceRequests } from '#kit/otel/http'
import { askRoute } from './ask-route.ts'
import type { ServedBot } from './events.ts'
import { searchRoute } from './search-route.ts'

/** Questions that are answered at the same time, and those that wait for their turn. */
const TURNS = { running: 8, waiting: 32 }
/** A search is all CPU: more at once would only make each of them, and `/healthz`, wait. */
const SEARCHES = { running: 2, waiting: 32 }

/** Serves the page and the API until it is told to stop. */
export async function serveBot(bot: ServedBot, io: Io): Promise<void> {
  const settings = readHttpSettings(loadEnv(io.directory, io.env))
  const commit = await findRunningCommit(io.env, io.directory)
  const app = createBotApp(bot, { settings, commit, log: createJsonLog(io.stderr), directory: io.directory })
  const { url, closed } = await serve(app, settings, { signal: io.signal })
  note(io, `Answers from ${bot.store.name} at ${url}. Ctrl-C stops.`)
  await closed
}

export interface BotAppOptions {
  settings: HttpSettings
  commit: string | null
  log: Log
  /** Where `public/` is. */
  directory: string
}

/** The routes of a bot: `POST /api/ask`, `GET /api/search`, and the page. */
export function createBotApp(bot: ServedBot, { settings, commit, log, directory }: BotAppOptions): App {
  const check = async () => {
    if ((await bot.store.statistics([])).chunks === 0) throw new Error('nothing is indexed')
  }
  const app = createApp({ settings, health: { commit, check }, log })
  const { routes } = app
  routes.use(traceRequests())
  routes.use('/api/*', limitRate(settings))
  routes.post('/api/ask', askRoute(app, bot, createAdmission(TURNS)))
  routes.get('/api/search', searchRoute(app, bot, createAdmission(SEARCHES)))
  routes.all('/api/ask', (c) => rejectMethod(c, 'POST'))
  routes.all('/api/search', (c) => rejectMethod(c, 'GET'))
  routes.use(serveStatic({ root: join(directory, 'public') }))
  return app
}

function rejectMethod(c: Context<AppEnv>, allowed: string): never {
  c.header('allow', allowed)
  throw new HttpError(405, 'method_not_allowed', `This takes ${allowed}`)
}
