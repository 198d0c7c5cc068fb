import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import type { McpServer } from '@modelcontextprotocol/server'
import { type Io, note, runMain, write } from '#kit/console/process'
import { serve } from '#kit/http/serve'
import { httpSettings } from '#kit/http/settings'
import { Notes } from '../../src/notes/notes.ts'
import { createServer } from '../../src/server.ts'
import { createMcpApp } from '../../src/web/serve.ts'
import { createFixtureServer } from './fixtures.ts'
import { runSuite } from './suite.ts'

/** What is asked of each server, and what it is known not to have. */
const RUNS = [
  { server: 'notes', revision: '2026-07-28', expectedFailures: 'test/conformance/notes.2026-07-28.yml' },
  { server: 'notes', revision: '2025-11-25', expectedFailures: 'test/conformance/notes.2025-11-25.yml' },
  { server: 'fixtures', revision: '2026-07-28', expectedFailures: undefined },
  {
    server: 'fixtures',
    revision: '2025-11-25',
    expectedFailures: 'test/conformance/fixtures.2025-11-25.yml',
  },
] as const

interface Result {
  name: string
  ok: boolean
  summary: string
}

/** Of one server, when it is named. */
async function conform([only]: readonly string[], io: Io): Promise<void> {
  const results: Result[] = []
  await mkdir('reports', { recursive: true })
  for (const run of RUNS.filter(({ server }) => only === undefined || only === server)) {
    const result = await resultOf(run, io)
    await write(io.stdout, `${result.ok ? 'pass' : 'FAIL'}  ${result.name}: ${result.summary}\n`)
    results.push(result)
  }
  note(io, 'All that was checked: reports/conformance-*.txt')
  if (io.env.GITHUB_STEP_SUMMARY) await appendFile(io.env.GITHUB_STEP_SUMMARY, tableOf(results))
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name)
  if (failed.length > 0) throw new ConformanceError(failed)
}

async function resultOf(
  { server, revision, expectedFailures }: (typeof RUNS)[number],
  io: Io,
): Promise<Result> {
  const directory = `reports/conformance-${server}-${revision}`
  const { ok, output } = await withServer(server, io, (url) =>
    runSuite({ url, revision, directory, expectedFailures }),
  )
  await writeFile(`${directory}.txt`, output)
  const summary = ok ? summaryOf(output, expectedFailures) : `${directory}.txt says why`
  return { name: `${server} at ${revision}`, ok, summary }
}

function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ name, ok, summary }) => `| ${name} | ${ok ? 'pass' : 'FAIL'} | ${summary} |`)
  return `${['| conformance | result | |', '|---|---|---|', ...rows].join('\n')}\n`
}

class ConformanceError extends Error {
  readonly hint = 'The scenarios that failed stand at the end of the report.'

  constructor(failed: readonly string[]) {
    super(`Not conformant: ${failed.join(', ')}`)
  }
}

async function withServer<T>(
  name: 'notes' | 'fixtures',
  io: Io,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const settings = httpSettings({ PORT: '0', RATE_LIMIT: '100000' })
  const notes = await Notes.open('notes-sample')
  const options = { notes, readOnly: true, report: (error: unknown) => note(io, String(error)) }
  const create: Record<typeof name, () => McpServer> = {
    notes: () => createServer(options),
    fixtures: createFixtureServer,
  }
  const stopping = new AbortController()
  const signal = AbortSignal.any([stopping.signal, io.signal])
  const more = { settings, auth: undefined, commit: null, log: () => {}, signal }
  const app = await createMcpApp(options, more, create[name])
  const { url, closed } = await serve(app, settings, { signal, graceMs: 500 })
  try {
    return await use(`${url}/mcp`)
  } finally {
    stopping.abort()
    await closed
  }
}

/** What did not pass: what the list of known failures has, or what the suite found beyond it. */
function summaryOf(output: string, expectedFailures: string | undefined): string {
  const lines = output.split('\n').map((line) => line.trim())
  const known = lines.filter((line) => line.startsWith('~ ')).length
  const total = lines.findLast((line) => line.startsWith('Total: ')) ?? 'the suite did not run to its end'
  const rest =
    known > 0 ? `all required scenarios but the ${known} in ${expectedFailures}` : 'all required scenarios'
  return `${rest} (${total.replace('Total: ', 'checks, extensions included: ')})`
}

await runMain(conform)
