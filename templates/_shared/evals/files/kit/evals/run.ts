import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { hashFiles } from './cases.ts'
import { CannotRunError, toErrorMessage } from './errors.ts'
import { type CaseResult, type EvalRun, gradeSchema } from './report.ts'
import type { EvalCase, Grade, Suite } from './suite.ts'

export interface RunOptions {
  /** Number of cases that run in parallel. */
  concurrency: number
  /** Aborting rejects the run with the signal's reason, because half a run must not be reported as one. */
  signal: AbortSignal
  onResult?: (result: CaseResult) => void
}

/** Throws `CannotRunError` for a suite without graders: everything would pass. */
export function assertGraded<C extends EvalCase>({ graders, gradersOf }: Suite<C>): void {
  if (Object.keys(graders).length > 0 || gradersOf !== undefined) return
  throw new CannotRunError('the suite has no grader, so everything would pass', 'Add one in evals/suite.ts')
}

/**
 * Returns a grade with its grader's name.
 * Throws if the grader throws or returns an invalid grade (score NaN).
 */
export async function checkGrade(grader: string, grade: () => Grade | Promise<Grade>) {
  try {
    const { pass, score, reason } = gradeSchema.parse(await grade())
    return { grader, pass, score, reason }
  } catch (error) {
    throw new Error(`grader ${grader}: ${toErrorMessage(error)}`, { cause: error })
  }
}

/**
 * Runs `concurrency` items at a time; results keep their order.
 * Rejects with the first failure or the signal's reason.
 */
export async function runParallel<T, R>(
  items: readonly T[],
  { concurrency, signal }: Pick<RunOptions, 'concurrency' | 'signal'>,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])
  const queue = items.entries() // one iterator for all workers, so that each item is handed out once
  const worker = async () => {
    for (const [index, item] of queue) {
      stopped.throwIfAborted()
      results[index] = await work(item)
    }
  }
  const workers = Array.from({ length: Math.min(concurrency, items.length) }, worker)
  try {
    await Promise.all(workers)
  } catch (error) {
    stop.abort(error)
    throw error
  }
  return results
}

/**
 * Hashes the TypeScript sources, because those are in git, not what is built from them. A file that belongs
 * to the graders doesn't belong to the harness. Throws `CannotRunError` if a file can't be read.
 */
export async function hashSources<C extends EvalCase>(root: string, { prompts, sources }: Suite<C>) {
  const listWithin = async (folders: readonly string[] = []) =>
    (await Promise.all(folders.map((folder) => listSourceFiles(root, folder, { recursive: true })))).flat()
  const runner = await listSourceFiles(root, 'kit/evals')
  const graders = [
    ...runner.filter((path) => /\/(graders|numbers)\.ts$/.test(path)),
    ...(await listSourceFiles(root, 'evals')),
    ...(await listWithin(sources?.graders)),
  ]
  const harness = [...runner, ...(await listWithin(sources?.harness))]
  return {
    graders: await hashFiles(root, graders),
    prompts: await hashFiles(root, prompts),
    harness: await hashFiles(
      root,
      harness.filter((path) => !graders.includes(path)),
    ),
  }
}

async function listSourceFiles(root: string, folder: string, { recursive = false } = {}): Promise<string[]> {
  const names = existsSync(join(root, folder)) ? await readdir(join(root, folder), { recursive }) : []
  return names.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
}

const UNKNOWN = { commit: null, dirty: null }

/** Returns the commit, and whether the work tree differs from it; both null if git or a commit is missing. */
export async function readGitState(root: string): Promise<Pick<EvalRun, 'commit' | 'dirty'>> {
  // Kept reports of a measured change are no change of what is measured.
  const measured = ['--', '.', ':(exclude)evals/experiments']
  const args = ['--no-optional-locks', 'status', '--porcelain=v2', '--branch', ...measured]
  try {
    const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 1e8 })
    const commit = /^# branch\.oid ([\da-f]+)$/m.exec(stdout)?.[1]
    return commit === undefined ? UNKNOWN : { commit, dirty: /^[^#]/m.test(stdout) }
  } catch {
    // Not an error: a folder without a commit can still be evaluated, and the report says null.
    return UNKNOWN
  }
}
