import { join } from 'node:path'
import { EXIT, UsageError } from '../core/errors.ts'
import type { Outcome } from '../core/outcome.ts'
import { loadCatalogue } from '../io/baked.ts'
import { print } from '../io/print.ts'
import { makeContext } from './context.ts'
import { type Invocation, parseCommandLine } from './program.ts'
import { describeFailure, printDocument, printProblem, toDocument } from './report.ts'
import { untilSignalled } from './signals.ts'
import { VERBS } from './verbs.ts'

/**
 * Runs the CLI. Resolves to the exit code, after errors too; never exits the process, so that all output is
 * flushed.
 */
export async function runCli(argv: readonly string[], packageRoot: string): Promise<number> {
  const json = isJsonWanted(argv)
  let command = ''
  let ended: Ended
  try {
    const catalogue = loadCatalogue(join(packageRoot, 'dist'))
    const invocation = parseCommandLine(await addDefaultVerb(argv), catalogue)
    command = invocation.verb?.name ?? ''
    if (invocation.help !== '') await print(process.stdout, invocation.help)
    if (invocation.help !== '') return EXIT.done
    const outcome = await untilSignalled((signal) =>
      run(invocation, { catalogue, verbs: VERBS, packageRoot, json, signal }),
    )
    ended = { outcome, stack: '' }
  } catch (thrown) {
    ended = await explainFailure(thrown)
  }
  if (json) ended = await conclude(command, ended)
  if (ended.outcome.problem) await printProblem(ended.outcome.problem, ended.stack)
  return ended.outcome.problem?.exitCode ?? EXIT.done
}

interface Ended {
  outcome: Outcome<unknown>
  /** Empty unless the problem is a bug of ours. */
  stack: string
}

async function explainFailure(thrown: unknown): Promise<Ended> {
  const { explainThrown } = await import('../io/explain.ts')
  const { problem, stack } = describeFailure(explainThrown(thrown))
  return { outcome: { result: null, problem }, stack }
}

/** Prints the document of `--json`; the problem with that, when it cannot be printed. */
async function conclude(command: string, ended: Ended): Promise<Ended> {
  try {
    await printDocument(toDocument(command, ended.outcome))
    return ended
  } catch (thrown) {
    return explainFailure(thrown)
  }
}

/** Behind `--` stand words of the user, such as the line that `complete` is to complete. */
function isJsonWanted(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json')
}

async function run(
  { verb, given }: Invocation,
  about: Parameters<typeof makeContext>[0],
): Promise<Outcome<unknown>> {
  if (!verb) throw new UsageError('Missing command', 'Try: ai-eng-starter --help')
  const context = makeContext(about)
  try {
    const { run: runVerb } = await verb.load()
    return await runVerb(given, context)
  } finally {
    context.progress.end()
  }
}

/**
 * Without arguments: inside a roadmap, shows the status; elsewhere, on a terminal, offers to start a project.
 */
async function addDefaultVerb(argv: readonly string[]): Promise<string[]> {
  if (argv.length > 0) return [...argv]
  const { isOnTheRoad } = await import('../io/state/folder.ts')
  if (isOnTheRoad(process.cwd())) return ['status']
  if (process.stdin.isTTY && process.stderr.isTTY) return ['new']
  throw new UsageError('Missing command', 'Try: ai-eng-starter --help')
}
