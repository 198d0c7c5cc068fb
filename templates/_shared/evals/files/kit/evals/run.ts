import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Answer, answerOnce, worstOf } from './attempts.ts'
import { hashFiles, type LoadedCase } from './cases.ts'
import { CannotRunError } from './errors.ts'
import type { CaseResult, EvalRun } from './report.ts'
import type { EvalCase, Suite } from './suite.ts'

export interface RunOptions {
  /** How many cases at a time. */
  concurrency: number
  /** Aborting rejects the run with the signal's reason: half a run is not reported as one. */
  signal: AbortSignal
  onResult?: (result: CaseResult) => void
}

/** Answers and grades every case. Results come in the order of the cases, whichever finished first. */
export async function runCases<C extends EvalCase>(
  suite: Suite<C>,
  cases: readonly LoadedCase<C>[],
  { concurrency, signal, onResult }: RunOptions,
): Promise<CaseResult[]> {
  if (Object.keys(suite.graders).length === 0 && suite.gradersOf === undefined) {
    throw new CannotRunError('the suite has no grader, so everything would pass', 'Add one in evals/suite.ts')
  }
  return inParallel(cases, { concurrency, signal }, async (loaded) => {
    const result = await runCase(suite, loaded, signal)
    onResult?.(result)
    return result
  })
}

/** Results in the order of the items, so many at a time. The first failure, or the signal's reason, ends it. */
export async function inParallel<T, R>(
  items: readonly T[],
  { concurrency, signal }: Pick<RunOptions, 'concurrency' | 'signal'>,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])
  const queue = items.entries() // one iterator for all workers: each item is handed out once
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

async function runCase<C extends EvalCase>(
  suite: Suite<C>,
  { testCase, hash }: LoadedCase<C>,
  signal: AbortSignal,
): Promise<CaseResult> {
  const { id, critical = false, tags = [], weight } = testCase
  const answers: [Answer, ...Answer[]] = [await answerOnce(suite, testCase, signal, 0)]
  for (let attempt = 1; attempt < (suite.repeats ?? 1); attempt++)
    answers.push(await answerOnce(suite, testCase, signal, attempt))
  const described = { ...(weight !== undefined && { weight }), ...suite.describe?.(testCase) }
  return { id, caseHash: hash, critical, tags, ...described, ...worstOf(answers) }
}

/** Hashes of the TypeScript sources, not of what was built from them: they are what is in git. */
export async function hashSources<C extends EvalCase>(root: string, { prompts, sources }: Suite<C>) {
  const within = async (folders: readonly string[] = []) =>
    (await Promise.all(folders.map((folder) => sourcesIn(root, folder, { recursive: true })))).flat()
  const harness = await sourcesIn(root, 'kit/evals')
  const graders = harness.filter((path) => /\/(graders|numbers)\.ts$/.test(path))
  const runner = harness.filter((path) => !graders.includes(path))
  const own = await sourcesIn(root, 'evals')
  return {
    graders: await hashFiles(root, [...graders, ...own, ...(await within(sources?.graders))]),
    prompts: await hashFiles(root, prompts),
    harness: await hashFiles(root, [...runner, ...(await within(sources?.harness))]),
  }
}

async function sourcesIn(root: string, folder: string, { recursive = false } = {}): Promise<string[]> {
  const names = existsSync(join(root, folder)) ? await readdir(join(root, folder), { recursive }) : []
  return names.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
}

const UNKNOWN = { commit: null, dirty: null }

/** Commit and whether the work tree differs from it; both null where git or a commit is missing. */
export async function gitState(root: string): Promise<Pick<EvalRun, 'commit' | 'dirty'>> {
  const args = ['--no-optional-locks', 'status', '--porcelain=v2', '--branch']
  try {
    const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 1e8 })
    const commit = /^# branch\.oid ([\da-f]+)$/m.exec(stdout)?.[1]
    return commit === undefined ? UNKNOWN : { commit, dirty: /^[^#]/m.test(stdout) }
  } catch {
    // Not a fault: a folder that was never committed can still be evaluated, and the report says null.
    return UNKNOWN
  }
}
