import type { McpServer } from '@modelcontextprotocol/server'
import type { Env } from '#kit/console/env'
import { type Io, note } from '#kit/console/process'
import { type App, createApp } from '#kit/http/app'
import { runningCommit } from '#kit/http/commit'
import { jsonLog, type Log } from '#kit/http/log'
import { limitRate } from '#kit/http/rate-limit'
import { serve } from '#kit/http/serve'
import { type HttpSettings, httpSettings } from '#kit/http/settings'
import { tracing } from '#kit/otel/http'
import { type AuthSettings, authSettings } from '../auth/settings.ts'
import { tokenVerifier } from '../auth/verify.ts'
import { createServer, type ServerOptions } from '../server.ts'
import { bearerGate, resourceMetadata } from './gate.ts'
import { mcpEndpoint } from './mcp.ts'

/** Serves over HTTP until it is told to stop. */
export async function serveOverHttp(options: ServerOptions, env: Env, io: Io): Promise<void> {
  const settings = httpSettings(env)
  const auth = authSettings(env, settings, io.directory)
  const commit = await runningCommit(io.env, io.directory)
  const app = await createMcpApp(options, {
    settings,
    auth,
    commit,
    log: jsonLog(io.stderr),
    signal: io.signal,
  })
  const { url, closed } = await serve(app, settings, { signal: io.signal })
  const who =
    auth === undefined ? 'whoever can reach it' : `tokens of ${auth.issuer} for ${auth.resource.href}`
  note(io, `Notes at ${url}/mcp, open to ${who}. Ctrl-C stops.`)
  await closed
}

export interface McpAppOptions {
  settings: HttpSettings
  /** Undefined: no token is asked for. */
  auth: AuthSettings | undefined
  commit: string | null
  log: Log
  /** Streams that would stay open for ever end when it aborts. */
  signal: AbortSignal
}

/** A whole note and what JSON makes of it. */
const MAX_BODY = 512 * 1024

/** `/mcp` behind everything that stands before a request: names that are ours, limits, a token where one is asked for. */
export async function createMcpApp(
  options: ServerOptions,
  { settings, auth, commit, log, signal }: McpAppOptions,
  create: () => McpServer = () => createServer(options),
): Promise<App> {
  const check = async (signal: AbortSignal) => void (await options.notes.list({ signal }))
  const app = createApp({ settings, health: { commit, check }, log, maxBodyBytes: MAX_BODY })
  const { routes } = app
  routes.use(tracing())
  routes.use('/mcp', limitRate(settings))
  if (auth !== undefined) {
    for (const path of resourceMetadata.paths(auth))
      routes.get(path, (c) => c.json(resourceMetadata.document(auth)))
    routes.use('/mcp', bearerGate(auth, await tokenVerifier(auth, options.report)))
  }
  routes.all('/mcp', mcpEndpoint(app, { create, notes: options.notes }, signal))
  return app
}
