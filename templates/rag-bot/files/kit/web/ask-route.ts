import type { Handler } from 'hono'
import * as z from 'zod'
import { stripInvisible } from '#kit/files/text'
import type { Admission } from '#kit/http/admission'
import type { App, AppEnv } from '#kit/http/app'
import { parseJsonBody } from '#kit/http/json-body'
import { createEventStream } from '#kit/http/sse'
import { type AskedOver, answerEvents, type ServedBot } from './events.ts'

/** From the question to the last word. The provider's own limits are shorter. */
const TIMEOUT_MS = 240_000
const MAX_TURNS = 20

const question = z
  .string()
  .max(2_000)
  .refine((text) => stripInvisible(text).trim() !== '', 'is empty')

const askBody = z.strictObject({
  question,
  history: z
    .array(z.strictObject({ question: z.string().max(2_000), answer: z.string().max(20_000) }))
    .max(MAX_TURNS)
    .default([]),
  filter: z
    .strictObject({
      metadata: z.record(z.string().max(200), z.union([z.string().max(2_000), z.number(), z.boolean()])),
    })
    .optional(),
})

/**
 * `POST /api/ask`: an answer as a stream of events, version 1 of the contract `ask-sse`. A client that leaves
 * stops the model.
 */
export function askRoute(app: App, bot: ServedBot, admit: Admission): Handler<AppEnv> {
  return async (c) => {
    const leave = admit.enter()
    const { filter, ...asked } = await parseJsonBody(c, askBody).catch((error: unknown) => {
      leave()
      throw error
    })
    const scope = app.inFlight.begin(c.req.raw.signal, TIMEOUT_MS)
    const turn = await admit(scope.signal).catch((error: unknown) => {
      scope.end()
      leave()
      throw error
    })
    const over: AskedOver = { app, id: c.get('id'), signal: scope.signal }
    const events = answerEvents(bot, { ...asked, ...(filter && { filter }) }, over)
    const onEnd = () => {
      scope.end()
      turn()
      leave()
    }
    const stream = createEventStream(events, { onStall: () => c.env.outgoing.destroy(), onEnd })
    return c.newResponse(stream, 200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Nginx would collect the events first.
      'x-accel-buffering': 'no',
      'transfer-encoding': 'chunked',
    })
  }
}
