import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { parseTestReport, type TestRun } from '../../core/exercises/test-report.ts'
import { parseReport } from '../../core/gates/eval-report.ts'
import { type ProgramOptions, runProgram } from '../run-program.ts'

const LIMIT_MS = 10 * 60_000

/**
 * Runs the project's own vitest on some test files, or on all. Throws a UserError when dependencies are not
 * installed, or when vitest ends without a report.
 */
export async function runTests(files: readonly string[], options: ProgramOptions): Promise<TestRun> {
  const { directory } = options
  const vitest = join(directory, 'node_modules/vitest/vitest.mjs')
  if (!existsSync(vitest)) throw new UserError('The project has no node_modules', 'Run: npm ci')
  const scratch = mkdtempSync(join(tmpdir(), 'ai-eng-tests-'))
  const report = join(scratch, 'report.json')
  const args = ['run', ...files, '--reporter=json', `--outputFile=${report}`, '--includeTaskLocation']
  try {
    const limits = { ...options, timeout: LIMIT_MS }
    const { output, reason } = await runProgram(process.execPath, [vitest, ...args], limits)
    const text = existsSync(report) ? readFileSync(report, 'utf8') : ''
    const run = parseTestReport(text, directory)
    if (run) return run
    const last = output.trim().split('\n').at(-1) ?? ''
    throw new UserError(`vitest ${reason} without a test report: ${last}`, 'Run: npm test')
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

export interface ScriptRun {
  ok: boolean
  /** The last lines that it printed. */
  lines: string
}

/** Runs an npm script of the project without a key. */
export async function runNpmScript(script: string, options: ProgramOptions): Promise<ScriptRun> {
  const { ok, output } = await runProgram('npm', ['run', '--silent', script], {
    ...options,
    timeout: LIMIT_MS,
    env: { AI_PROVIDER: 'heuristic', AI_MODEL: '' },
  })
  return { ok, lines: output.trim().split('\n').slice(-15).join('\n') }
}

/** The totals of the newest eval report that was written since a time; null when there is none. */
export function readNewestScore(directory: string, since: Date): { passed: number; total: number } | null {
  const folder = join(directory, 'reports')
  if (!existsSync(folder)) return null
  const reports = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?:^|[\\/])eval-[^\\/]+\.json$/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).mtimeMs >= since.getTime())
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  const [newest] = reports
  if (newest === undefined) return null
  const { passed, total } = parseReport(readFileSync(newest, 'utf8')).summary
  return { passed, total }
}
