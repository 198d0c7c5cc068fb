import { type Context, context, propagation, type Span, SpanKind } from '@opentelemetry/api'
import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { ATTR } from './names.ts'
import { failSpan, startSpan, toErrorType } from './spans.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * Gives every request a server span, such as `POST /api/ask`, below the caller's span if a `traceparent`
 * header names one. The span lasts until the last byte of the response, because streams take most of the time
 * here. The query string is not recorded, because it can contain questions.
 */
export function traceRequests({
  except = ['/healthz', '/readyz', '/metrics'],
}: {
  except?: string[]
} = {}): MiddlewareHandler {
  return async (c, next) => {
    if (except.includes(c.req.path)) return next()
    const method = METHODS.includes(c.req.method) ? c.req.method : '_OTHER'
    const parent = propagation.extract(context.active(), c.req.header())
    const scheme = new URL(c.req.url).protocol.slice(0, -1)
    const attributes = { [ATTR.httpMethod]: method, [ATTR.urlPath]: c.req.path, [ATTR.urlScheme]: scheme }
    const { span, inside } = startSpan({ name: method, kind: SpanKind.SERVER, attributes, parent })
    try {
      await context.with(inside, next)
      recordResponse(c, method, { span, inside })
    } catch (error) {
      failSpan(span, toErrorType(error))
      span.end()
      throw error
    }
  }
}

interface TracedServer {
  span: Span
  inside: Context
}

function recordResponse(c: HonoContext, method: string, { span, inside }: TracedServer): void {
  const route = findHandlerRoute(c)
  const verb = method === '_OTHER' ? 'HTTP' : method
  span.updateName(route === undefined ? verb : `${verb} ${route}`)
  if (route !== undefined) span.setAttribute(ATTR.httpRoute, route)
  span.setAttribute(ATTR.httpStatus, c.res.status)
  if (c.res.status >= 500) failSpan(span, c.error ? toErrorType(c.error) : String(c.res.status))
  const { body } = c.res
  if (body !== null && span.isRecording()) c.res = new Response(streamWithSpan(body, { span, inside }), c.res)
  else span.end()
}

/** The handler's route pattern (low cardinality). undefined: only middleware handled the request. */
function findHandlerRoute(c: HonoContext): string | undefined {
  const path = matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path
  return path?.endsWith('*') ? undefined : path
}

/**
 * Forwards the body at the reader's pace, and reads it within the span. The span ends with the body, however
 * that ends.
 */
function streamWithSpan(
  body: ReadableStream<Uint8Array>,
  { span, inside }: TracedServer,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const end = (type?: string) => {
    if (type !== undefined) failSpan(span, type)
    span.end()
  }
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    try {
      const { done, value } = await context.with(inside, () => reader.read())
      if (!done) return controller.enqueue(value)
      end()
      controller.close()
    } catch (error) {
      end(toErrorType(error))
      controller.error(error)
    }
  }
  const cancel = (reason: unknown) => {
    end('aborted')
    return context.with(inside, () => reader.cancel(reason))
  }
  return new ReadableStream({ pull, cancel }, { highWaterMark: 0 })
}
