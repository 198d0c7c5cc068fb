import { join } from 'node:path'
import { EXIT, UsageError } from '../core/errors.ts'
import type { Outcome } from '../core/outcome.ts'
import { loadCatalogue } from '../io/baked.ts'
import { makeContext } from './context.ts'
import { type Invocation, isHelpOrVersion, parseCommandLine } from './program.ts'
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
  let outcome: Outcome<unknown>
  let stack = ''
  try {
    const catalogue = loadCatalogue(join(packageRoot, 'dist'))
    const invocation = parseCommandLine(await addDefaultVerb(argv), catalogue)
    command = invocation.verb?.name ?? ''
    outcome = await untilSignalled((signal) =>
      run(invocation, { catalogue, verbs: VERBS, packageRoot, json, signal }),
    )
  } catch (thrown) {
    if (isHelpOrVersion(thrown)) return EXIT.done
    const { explainThrown } = await import('../io/explain.ts')
    const failure = describeFailure(explainThrown(thrown))
    stack = failure.stack
    outcome = { result: null, problem: failure.problem }
  }
  if (json) await printDocument(toDocument(command, outcome))
  if (outcome.problem) await printProblem(outcome.problem, stack)
  return outcome.problem?.exitCode ?? EXIT.done
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
