import type { McpServer } from '@modelcontextprotocol/server'
import { type AuthSettings, readAuthSettings } from '#kit/auth/settings'
import type { Env } from '#kit/console/env'
import { type Io, note } from '#kit/console/process'
import { type App, createApp } from '#kit/http/app'
import { findRunningCommit } from '#kit/http/commit'
import { createJsonLog, type Log } from '#kit/http/log'
import { limitRate } from '#kit/http/rate-limit'
import { serve } from '#kit/http/serve'
import { type HttpSettings, readHttpSettings } from '#kit/http/settings'
import { traceRequests } from '#kit/otel/http'
import { createServer, type ServerOptions } from '../server.ts'
import { LONGEST_NOTE } from '../tools/add-note.ts'
import { describeResource, listMetadataPaths, requireToken } from './gate.ts'
import { createMcpEndpoint } from './mcp.ts'
import { createTokenVerifier } from './verify.ts'

/** Serves over HTTP until `io.signal` aborts. */
export async function serveOverHttp(options: ServerOptions, env: Env, io: Io): Promise<void> {
  const settings = readHttpSettings(env)
  const auth = readAuthSettings(env, settings, io.directory)
  const commit = await findRunningCommit(io.env, io.directory)
  const log = createJsonLog(io.stderr)
  const app = await createMcpApp(options, { settings, auth, commit, log, signal: io.signal })
  const { url, closed } = await serve(app, settings, { signal: io.signal })
  const who =
    auth === undefined
      ? 'every client that can reach it'
      : `tokens of ${auth.issuer} for ${auth.resource.href}`
  note(io, `Notes at ${url}/mcp, open to ${who}. Ctrl-C stops.`)
  await closed
}

export interface McpAppOptions {
  settings: HttpSettings
  /** Undefined: the server asks for no token. */
  auth: AuthSettings | undefined
  commit: string | null
  log: Log
  /** Ends open streams when it aborts. */
  signal: AbortSignal
}

/** Bytes: the longest note that `add_note` takes, each character as `\uXXXX`, and what is around it. */
const MAX_BODY = LONGEST_NOTE * 6 + 64 * 1024

/**
 * `/mcp` behind every check of a request, in this order: Host and Origin and size (`createApp`), rate limit,
 * token.
 */
export async function createMcpApp(
  options: ServerOptions,
  { settings, auth, commit, log, signal }: McpAppOptions,
  create: () => McpServer = () => createServer(options),
): Promise<App> {
  const check = async (signal: AbortSignal) => void (await options.notes.list({ signal }))
  const app = createApp({ settings, health: { commit, check }, log, maxBodyBytes: MAX_BODY })
  const { routes } = app
  routes.use(traceRequests())
  routes.use('/mcp', limitRate(settings))
  if (auth !== undefined) {
    for (const path of listMetadataPaths(auth)) routes.get(path, (c) => c.json(describeResource(auth)))
    routes.use('/mcp', requireToken(auth, await createTokenVerifier(auth, options.report)))
  }
  routes.all('/mcp', createMcpEndpoint(app, { create, notes: options.notes }, signal))
  return app
}
