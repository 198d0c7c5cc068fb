import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server'
import type { Handler } from 'hono'
import type { App } from '#kit/http/app'
import { type Accepted, convertResponse, nameBothTypes, readAcceptedForms } from '#kit/mcp/accept'
import { watchBodyEnd } from '#kit/mcp/body-end'
import { removeNullParamsFromText } from '#kit/mcp/left-out'
import type { Notes } from '../notes/notes.ts'
import type { McpEnv } from './gate.ts'

/** For one request. A stream of changes is one request too; its client opens it again. */
const TIMEOUT_MS = 10 * 60_000

/**
 * Handles `/mcp` with a new server for every request: no client sees another's state, and any replica can
 * answer. The SDK tells the protocol revisions 2025-11-25 and 2026-07-28 apart. A call stops when its client
 * disconnects or the server shuts down.
 */
export function createMcpEndpoint(
  app: App,
  { create, notes }: { create: () => McpServer; notes: Notes },
  stop: AbortSignal,
): Handler<McpEnv> {
  const handler = createMcpHandler(create, {
    onerror: (error) => app.log('protocol', { message: error.message }),
  })
  notes.onAdded.add(() => handler.notify.resourcesChanged())
  // Only its client or this ends a stream of changes.
  stop.addEventListener('abort', () => void handler.close(), { once: true })
  return async (c) => {
    const scope = app.inFlight.begin(c.req.raw.signal, TIMEOUT_MS)
    const authInfo = c.get('authInfo')
    try {
      const accepted = readAcceptedForms(c.req.raw)
      const request = await readLeniently(c.req.raw, accepted, scope.signal)
      const response = await handler.fetch(request, authInfo && { authInfo })
      return watchBodyEnd(await convertResponse(response, accepted), () => scope.end())
    } catch (error) {
      scope.end()
      throw error
    }
  }
}

/** The SDK wants both types of answers named, and nothing that is null. Clients are less exact. */
async function readLeniently(raw: Request, accepted: Accepted, signal: AbortSignal): Promise<Request> {
  const headers = nameBothTypes(raw.headers, accepted)
  if (raw.method !== 'POST') return new Request(raw, { headers: raw.headers, signal })
  const body = removeNullParamsFromText(await raw.text())
  return new Request(raw.url, { method: 'POST', headers, body, signal })
}
