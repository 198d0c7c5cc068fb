import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestCounts } from '../../core/gates/command.ts'
import type { FactsOf, GateOf } from '../../core/gates/kinds.ts'
import { findOwnFiles } from '../../core/gates/own-files.ts'
import { runProgram } from '../run-program.ts'
import { readMatching } from './read-files.ts'
import type { GateWorld } from './world.ts'

type CommandGate = GateOf<'command'>

/** Runs the command, if the learner has files for it. */
export async function gatherCommand(gate: CommandGate, world: GateWorld): Promise<FactsOf<'command'>> {
  const files = gate.own.length > 0 ? readMatching(world.directory, gate.own).files : []
  const own = gate.own.length > 0 ? findOwnFiles(files, world.samples()).map(({ path }) => path) : []
  const isInstalled = existsSync(join(world.directory, 'node_modules'))
  if (!isInstalled || (gate.own.length > 0 && own.length === 0)) return { own, isInstalled, run: null }
  const scratch = mkdtempSync(join(tmpdir(), 'ai-eng-report-'))
  try {
    return { own, isInstalled, run: await runTests(gate, world, own, join(scratch, 'report.json')) }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function runTests(
  gate: CommandGate,
  { signal, directory }: GateWorld,
  own: readonly string[],
  report: string,
) {
  const [program = '', ...args] = gate.argv.flatMap((word) =>
    word === '{own}' ? own : [word.replace('{report}', report)],
  )
  const timeout = gate.timeoutSeconds * 1000
  const { ok, reason, output } = await runProgram(program, args, { directory, signal, timeout })
  return { ok, reason, output, isLate: /took longer/.test(reason), counts: readCounts(report) }
}

/** Undefined when the report does not exist or is incomplete. */
function readCounts(path: string): TestCounts | undefined {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const report = tryParseReport(text)
  if (!report) return undefined
  const {
    numPassedTests: passed = 0,
    numFailedTests: failed = 0,
    numPendingTests: pending = 0,
    numTodoTests: todo = 0,
  } = report
  return { passed, failed, skipped: pending + todo, unasserted: text.match(NO_ASSERTION)?.length ?? 0 }
}

/** How vitest's `--expect.requireAssertions` starts the message of a test that asserts nothing. */
const NO_ASSERTION = /"failureMessages": *\[ *"Error: expected any number of assertion, but got none/g

function tryParseReport(text: string): Record<string, number> | undefined {
  try {
    return (JSON.parse(text) as Record<string, number> | null) ?? undefined
  } catch {
    return undefined // the judge reports that there is no report
  }
}
