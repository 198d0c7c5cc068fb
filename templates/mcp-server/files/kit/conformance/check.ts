import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { type Io, note, write } from '#kit/console/process'
import { runConformanceSuite } from './suite.ts'

/** One server at one revision of the protocol. */
export interface Check {
  server: string
  revision: string
  /** A file that lists the scenarios that this server can't pass, and why. */
  expectedFailures: string | undefined
}

/** Starts the named server, calls `use` with the URL of its endpoint, and stops it. */
export type WithServer = <T>(name: string, io: Io, use: (url: string) => Promise<T>) => Promise<T>

interface Result {
  name: string
  ok: boolean
  summary: string
}

/** Runs the official suite for each check. Writes reports to `reports/`, and throws when a check fails. */
export async function checkConformance(
  checks: readonly Check[],
  withServer: WithServer,
  io: Io,
): Promise<void> {
  const results: Result[] = []
  await mkdir('reports', { recursive: true })
  for (const check of checks) {
    const result = await runCheck(check, withServer, io)
    await write(io.stdout, `${result.ok ? 'pass' : 'FAIL'}  ${result.name}: ${result.summary}\n`)
    results.push(result)
  }
  note(io, 'Every check: reports/conformance-*.txt')
  if (io.env.GITHUB_STEP_SUMMARY) await appendFile(io.env.GITHUB_STEP_SUMMARY, renderTable(results))
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name)
  if (failed.length > 0) throw new ConformanceError(failed)
}

async function runCheck(
  { server, revision, expectedFailures }: Check,
  withServer: WithServer,
  io: Io,
): Promise<Result> {
  const directory = `reports/conformance-${server}-${revision}`
  const { ok, output } = await withServer(server, io, (url) =>
    runConformanceSuite({ url, revision, directory, expectedFailures }),
  )
  await writeFile(`${directory}.txt`, output)
  const summary = ok ? summariseChecks(output, expectedFailures) : `${directory}.txt says why`
  return { name: `${server} at ${revision}`, ok, summary }
}

function renderTable(results: readonly Result[]): string {
  const rows = results.map(({ name, ok, summary }) => `| ${name} | ${ok ? 'pass' : 'FAIL'} | ${summary} |`)
  return `${['| conformance | result | |', '|---|---|---|', ...rows].join('\n')}\n`
}

class ConformanceError extends Error {
  readonly hint = 'The end of the report lists the scenarios that failed.'

  constructor(failed: readonly string[]) {
    super(`Not conformant: ${failed.join(', ')}`)
  }
}

/** Counts the scenarios that did not pass, as the list of expected failures or the suite has them. */
function summariseChecks(output: string, expectedFailures: string | undefined): string {
  const lines = output.split('\n').map((line) => line.trim())
  const known = lines.filter((line) => line.startsWith('~ ')).length
  const total = lines.findLast((line) => line.startsWith('Total: ')) ?? 'the suite did not run to its end'
  const rest =
    known > 0 ? `all required scenarios but the ${known} in ${expectedFailures}` : 'all required scenarios'
  return `${rest} (${total.replace('Total: ', 'checks, extensions included: ')})`
}
