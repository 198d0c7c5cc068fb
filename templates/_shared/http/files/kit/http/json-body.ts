import type { Context } from 'hono'
import type * as z from 'zod'
import type { AppEnv } from './app.ts'
import { HttpError } from './errors.ts'

/**
 * Parses the body as JSON and validates it with `schema`. Throws an HttpError: 415 if the content type is not
 * JSON (a form on another page cannot send that), 400 with up to three reasons if the body is invalid.
 * `createApp` limits the size of every body, `serve` its time.
 */
export async function parseJsonBody<T extends z.ZodType>(c: Context<AppEnv>, schema: T): Promise<z.infer<T>> {
  if (!/^application\/json(?:\s*;|$)/i.test(c.req.header('content-type') ?? ''))
    throw new HttpError(415, 'not_json', 'Send content-type: application/json')
  const body = schema.safeParse(tryParseBody(await c.req.text()))
  if (body.success) return body.data
  const reasons = body.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  throw new HttpError(400, 'bad_request', reasons.join('; '))
}

function tryParseBody(text: string): unknown {
  try {
    return JSON.parse(text, (key, value) => {
      if (key === '__proto__') throw new SyntaxError('no such key')
      return value
    })
  } catch {
    throw new HttpError(400, 'bad_json', 'The body is not JSON')
  }
}
