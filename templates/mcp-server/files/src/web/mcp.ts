import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server'
import type { Handler } from 'hono'
import type { App } from '#kit/http/app'
import type { Notes } from '../notes/notes.ts'
import type { McpEnv } from './gate.ts'

/** For one request. A stream of changes is one too, and is opened again by clients that want to go on. */
const TIMEOUT_MS = 10 * 60_000

/**
 * `/mcp`: a new server for every request, so that no client's state can be another's, and a request may be answered by any replica. Both eras of the protocol, 2025-11-25 and
 * 2026-07-28, are told apart by the SDK. Its client's leaving and the server's shutdown stop a call.
 */
export function mcpEndpoint(
  app: App,
  { create, notes }: { create: () => McpServer; notes: Notes },
  stop: AbortSignal,
): Handler<McpEnv> {
  const handler = createMcpHandler(create, {
    onerror: (error) => app.log('protocol', { message: error.message }),
  })
  notes.onAdded.add(() => handler.notify.resourcesChanged())
  // Nothing ends a stream of changes but its client or this.
  stop.addEventListener('abort', () => void handler.close(), { once: true })
  return async (c) => {
    const scope = app.inFlight.begin(c.req.raw.signal, TIMEOUT_MS)
    const authInfo = c.get('authInfo')
    try {
      const request = new Request(c.req.raw, { signal: scope.signal })
      const response = await handler.fetch(request, authInfo && { authInfo })
      return whenRead(response, () => scope.end())
    } catch (error) {
      scope.end()
      throw error
    }
  }
}

/** The same response; `onEnd` is called once, when its body was read, was left, or failed. */
function whenRead(response: Response, onEnd: () => void): Response {
  if (response.body === null) {
    onEnd()
    return response
  }
  const reader = response.body.getReader()
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    try {
      const { done, value } = await reader.read()
      if (!done) return controller.enqueue(value)
      onEnd()
      controller.close()
    } catch (error) {
      onEnd()
      controller.error(error)
    }
  }
  const cancel = (reason: unknown) => {
    onEnd()
    return reader.cancel(reason)
  }
  return new Response(new ReadableStream({ pull, cancel }, { highWaterMark: 0 }), response)
}
