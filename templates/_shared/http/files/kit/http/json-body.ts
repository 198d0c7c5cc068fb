import type { Context } from 'hono'
import type * as z from 'zod'
import type { AppEnv } from './app.ts'
import { HttpError } from './errors.ts'

/**
 * The body as `schema` has it. 415 unless it says that it is JSON (a form of another page cannot), 400 with the first reasons when it is not what is
 * asked for. Its size and time are limited for every request.
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
