import { type Check, checkConformance, type WithServer } from '#kit/conformance/check'
import { createFixtureServer } from '#kit/conformance/fixtures'
import { note, runMain } from '#kit/console/process'
import { serve } from '#kit/http/serve'
import { readHttpSettings } from '#kit/http/settings'
import { Notes } from '../../src/notes/notes.ts'
import { createServer } from '../../src/server.ts'
import { createMcpApp } from '../../src/web/serve.ts'
import { NOTES } from '../suite.ts'

const resolveHere = (file: string) => `evals/conformance/${file}.yml`

/**
 * `notes` is this server; `fixtures` has the tools that the suite calls by name, behind this server's `/mcp`.
 */
const CHECKS: readonly Check[] = [
  { server: 'notes', revision: '2026-07-28', expectedFailures: resolveHere('notes.2026-07-28') },
  { server: 'notes', revision: '2025-11-25', expectedFailures: resolveHere('notes.2025-11-25') },
  { server: 'fixtures', revision: '2026-07-28', expectedFailures: undefined },
  { server: 'fixtures', revision: '2025-11-25', expectedFailures: resolveHere('fixtures.2025-11-25') },
]

const runWithServer: WithServer = async (name, io, use) => {
  const settings = readHttpSettings({ PORT: '0', RATE_LIMIT: '100000' })
  const notes = await Notes.open(NOTES)
  const options = { notes, readOnly: true, report: (error: unknown) => note(io, String(error)) }
  const stopping = new AbortController()
  const signal = AbortSignal.any([stopping.signal, io.signal])
  const more = { settings, auth: undefined, commit: null, log: () => {}, signal }
  const create = name === 'fixtures' ? createFixtureServer : () => createServer(options)
  const app = await createMcpApp(options, more, create)
  const { url, closed } = await serve(app, settings, { signal, graceMs: 500 })
  try {
    return await use(`${url}/mcp`)
  } finally {
    stopping.abort()
    await closed
  }
}

// `npm run conformance -- notes` checks one server.
await runMain(([only], io) =>
  checkConformance(
    CHECKS.filter(({ server }) => only === undefined || only === server),
    runWithServer,
    io,
  ),
)
