import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quoteShellCommand } from '../../../templates/_shared/console/files/kit/console/shell.ts'
import { type Finding, failing, passed } from '../../core/gates/finding.ts'
import type { GateOf } from '../../core/roadmap/schema.ts'
import { counted } from '../../core/words.ts'
import { runProgram } from '../run-program.ts'
import { ownFiles } from './own-files.ts'
import type { GateWorld } from './world.ts'

/** The command ends well and its report counts enough tests that ran: an exit code alone is green with no test at all. */
export async function checkCommand(gate: GateOf<'command'>, world: GateWorld): Promise<Finding> {
  const own = gate.own.length > 0 ? ownFiles(gate.own, world).own.map(({ path }) => path) : []
  const wanted = `${counted(gate.minTests, 'test')} or more that ran and passed`
  if (gate.own.length > 0 && own.length === 0)
    return failing('nothing-own', { found: 'no test file of your own', wanted, where: gate.own.join(', ') })
  if (!existsSync(join(world.directory, 'node_modules')))
    return failing('not-installed', { found: 'no node_modules here', wanted: 'installed dependencies' })
  const scratch = mkdtempSync(join(tmpdir(), 'ai-eng-report-'))
  try {
    return await run(gate, world, own, join(scratch, 'report.json'))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function run(
  gate: GateOf<'command'>,
  world: GateWorld,
  own: readonly string[],
  report: string,
): Promise<Finding> {
  const [program = '', ...args] = gate.argv.flatMap((word) =>
    word === '{own}' ? own : [word.replace('{report}', report)],
  )
  const shown = quoteShellCommand(
    gate.argv.flatMap((word) => (word === '{own}' ? own : word.includes('{report}') ? [] : [word])),
  )
  const wanted = `${counted(gate.minTests, 'test')} or more that ran and passed`
  const { signal, directory } = world
  const result = await runProgram(program, args, { directory, signal, timeout: gate.timeoutSeconds * 1000 })
  if (/took longer/.test(result.reason))
    return failing('timeout', { found: result.reason, wanted, where: shown })
  const counts = readCounts(report)
  if (!result.ok) {
    if (counts && counts.unasserted === counts.failed && counts.failed > 0)
      return failing('no-assertion', {
        found: `${counted(counts.unasserted, 'test')} without an assertion`,
        wanted,
        where: shown,
      })
    const broken = counts ? `${counts.failed} of ${counts.ran} tests failed` : result.reason
    return failing('failed', {
      found: broken,
      wanted,
      where: shown,
      data: { lines: lastLines(result.output) },
    })
  }
  if (!counts) return failing('no-report', { found: 'no report', wanted, where: shown })
  if (counts.passed < gate.minTests)
    return failing('too-few-tests', {
      found: `it ended well and ran ${counted(counts.passed, 'test')}`,
      wanted,
      where: shown,
    })
  if (counts.skipped > gate.maxSkipped)
    return failing('skipped-tests', {
      found: counted(counts.skipped, 'skipped test'),
      wanted: `at most ${gate.maxSkipped}`,
      where: shown,
    })
  return passed(`${counted(counts.passed, 'test')} passed`, { tests: counts.passed, files: own }, shown)
}

/** Of vitest's or Jest's JSON report; undefined when it is absent or broken off. */
function readCounts(path: string) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const report = parsed(text)
  if (!report) return undefined
  const {
    numPassedTests: passed = 0,
    numFailedTests: failed = 0,
    numPendingTests: pending = 0,
    numTodoTests: todo = 0,
  } = report
  const unasserted = text.match(NO_ASSERTION)?.length ?? 0
  return { passed, failed, ran: passed + failed, skipped: pending + todo, unasserted }
}

/** How a failed test that asserts nothing begins its messages, with vitest's `--expect.requireAssertions`. */
const NO_ASSERTION = /"failureMessages": *\[ *"Error: expected any number of assertion, but got none/g

function parsed(text: string): Record<string, number> | undefined {
  try {
    return (JSON.parse(text) as Record<string, number> | null) ?? undefined
  } catch {
    return undefined // the caller says that there is no report
  }
}

function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-12).join('\n')
}
