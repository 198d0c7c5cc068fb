import { join } from 'node:path'
import { EXIT, UsageError } from '../core/errors.ts'
import { loadCatalogue } from '../io/baked.ts'
import { buildProgram, type Invocation, isHelpOrVersion } from './program.ts'
import { failureDocument, printFailure, printJson, successDocument } from './report.ts'
import { untilSignalled } from './signals.ts'

/** Runs the CLI. Resolves to the exit code; never exits the process, so that everything printed is flushed. */
export async function main(argv: readonly string[], packageRoot: string): Promise<number> {
  const invocation: Invocation = { command: '', json: argv.includes('--json'), run: undefined }
  try {
    const program = buildProgram(loadCatalogue(join(packageRoot, 'dist')), invocation, packageRoot)
    program.parse(await withDefaultCommand(argv), { from: 'user' })
    const result = await untilSignalled(async (signal) => invocation.run?.(signal))
    if (invocation.json) await printJson(successDocument(invocation.command, result))
    return EXIT.done
  } catch (thrown) {
    if (isHelpOrVersion(thrown)) return EXIT.done
    const { explainedAtLast } = await import('../io/explain.ts')
    const error = explainedAtLast(thrown)
    const failure = failureDocument(invocation.command, error)
    if (invocation.json) await printJson(failure)
    await printFailure(failure, error)
    return failure.error.exitCode
  }
}

/** Without arguments somebody on the road wants to know where they are, and a person at a terminal elsewhere to start a project. */
async function withDefaultCommand(argv: readonly string[]): Promise<string[]> {
  if (argv.length > 0) return [...argv]
  const { isOnTheRoad } = await import('../io/state/folder.ts')
  if (isOnTheRoad(process.cwd())) return ['status']
  if (process.stdin.isTTY && process.stderr.isTTY) return ['new']
  throw new UsageError('Missing command', 'Try: ai-eng-starter --help')
}
