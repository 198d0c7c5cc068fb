import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { UpstreamError, UsageError } from '#kit/console/errors'

export interface ErrorDetails {
  /** One line about what to do. */
  hint?: string | undefined
  retryAfterSeconds?: number
}

/** An error to send to the client, who is not trusted: no path, no stack and no secret in the message. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: ContentfulStatusCode
  /** For programs, such as `rate_limited`. */
  readonly code: string
  readonly hint: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    { hint, retryAfterSeconds }: ErrorDetails = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.hint = hint
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The body of every error response, and the data of an `error` event. */
export interface ErrorBody {
  code: string
  message: string
  hint?: string
  /** Request id. The log has it too, next to the details that the client must not see. */
  id: string
}

export function toErrorBody({ code, message, hint }: HttpError, id: string): ErrorBody {
  return { code, message, ...(hint !== undefined && { hint }), id }
}

/**
 * Converts any error to one that is safe to send to a client. A UsageError becomes a 400, a failed service a
 * 502 with its name and kind of failure, any other error a 500 without details.
 */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof UsageError)
    return new HttpError(400, 'bad_request', error.message, { hint: error.hint })
  if (error instanceof UpstreamError) {
    const { service, kind } = error
    return new HttpError(502, `${service}_failed`, `The ${service} failed: ${kind}`)
  }
  return new HttpError(500, 'internal', 'This failed for a reason that only the log has')
}
