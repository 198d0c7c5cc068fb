import type { Handler } from 'hono'
import * as z from 'zod'
import { visibleText } from '#kit/files/text'
import type { App, AppEnv } from '#kit/http/app'
import { HttpError } from '#kit/http/errors'
import type { Bot } from '../answer.ts'
import { sourceOf } from '../prompts.ts'
import { retrieve } from '../retrieve.ts'
import { settings } from '../settings.ts'
import { failureOf } from './events.ts'

const TIMEOUT_MS = 10_000

const searchQuery = z.object({
  q: z.string().max(2_000),
  limit: z.coerce.number().int().min(1).max(20).default(settings.sources),
})

/** `GET /api/search?q=...&limit=6`: what an answer would be given, without one. */
export function searchRoute(app: App, bot: Bot): Handler<AppEnv> {
  return async (c) => {
    const query = searchQuery.safeParse(c.req.query())
    if (!query.success || visibleText(query.data.q).trim() === '')
      throw new HttpError(400, 'bad_request', 'q is the question, limit a whole number from 1 to 20')
    const scope = app.inFlight.begin(c.req.raw.signal, TIMEOUT_MS)
    const startedAt = performance.now()
    try {
      const { q, limit } = query.data
      const question = visibleText(q)
      const { strategy, hits } = await retrieve(bot, { question, limit, signal: scope.signal })
      const totalMs = Math.round(performance.now() - startedAt)
      return c.json({
        schema: 'search.v1',
        question,
        strategy,
        hits: hits.map(sourceOf),
        timings: { totalMs },
      })
    } catch (error) {
      throw failureOf(error)
    } finally {
      scope.end()
    }
  }
}
