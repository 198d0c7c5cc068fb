import type { Context, Handler } from 'hono'
import * as z from 'zod'
import { toSource } from '#kit/bot/contract'
import { stripInvisible } from '#kit/files/text'
import type { Admission } from '#kit/http/admission'
import type { App, AppEnv } from '#kit/http/app'
import { HttpError } from '#kit/http/errors'
import { type ServedBot, toFailure } from './events.ts'

const TIMEOUT_MS = 10_000

const searchQuery = z.object({
  q: z.string().max(2_000),
  /** As many as an answer gets, unless it says otherwise. */
  limit: z.coerce.number().int().min(1).max(20).optional(),
})

/** `GET /api/search?q=...&limit=6`: what an answer would be given, without one. */
export function searchRoute(app: App, bot: ServedBot, admit: Admission): Handler<AppEnv> {
  return async (c) => {
    const leave = admit.enter()
    try {
      return await answerSearch(c, app, bot, admit)
    } finally {
      leave()
    }
  }
}

async function answerSearch(
  c: Context<AppEnv>,
  app: App,
  bot: ServedBot,
  admit: Admission,
): Promise<Response> {
  const query = searchQuery.safeParse(c.req.query())
  if (!query.success || stripInvisible(query.data.q).trim() === '')
    throw new HttpError(400, 'bad_request', 'q is the question, limit a whole number from 1 to 20')
  const scope = app.inFlight.begin(c.req.raw.signal, TIMEOUT_MS)
  const startedAt = performance.now()
  let giveBack: (() => void) | undefined
  try {
    giveBack = await admit(scope.signal)
    const { q, limit } = query.data
    const question = stripInvisible(q)
    const search = { question, ...(limit !== undefined && { limit }), signal: scope.signal }
    const { strategy, hits } = await bot.createBot(bot).retrieve(search)
    const totalMs = Math.round(performance.now() - startedAt)
    return c.json({
      schema: 'search.v1',
      question,
      strategy,
      hits: hits.map(toSource),
      timings: { totalMs },
    })
  } catch (error) {
    throw toFailure(error)
  } finally {
    giveBack?.()
    scope.end()
  }
}
