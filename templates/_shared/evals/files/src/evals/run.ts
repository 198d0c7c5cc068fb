import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Llm } from '../llm/model.ts'
import { hashFiles, type LoadedCase } from './cases.ts'
import { CannotRunError, messageOf } from './errors.ts'
import { type CaseResult, type EvalRun, gradeSchema, meanScore } from './report.ts'
import type { EvalCase, Suite } from './suite.ts'

const DEFAULT_CASE_TIMEOUT_MS = 120_000

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
  if (Object.keys(suite.graders).length === 0) {
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

/** Every grader on one answer. Throws when a grader does, or when what it hands back is not a grade (score NaN). */
export async function gradeAnswer<C extends EvalCase>(suite: Suite<C>, output: string, testCase: C) {
  const grades = Object.entries(suite.graders).map(async ([grader, grade]) => {
    try {
      const { pass, score, reason } = gradeSchema.parse(await grade(output, testCase))
      return { grader, pass, score, reason }
    } catch (error) {
      throw new Error(`grader ${grader}: ${messageOf(error)}`, { cause: error })
    }
  })
  return Promise.all(grades)
}

async function runCase<C extends EvalCase>(
  suite: Suite<C>,
  { testCase, hash }: LoadedCase<C>,
  signal: AbortSignal,
): Promise<CaseResult> {
  const { id, critical = false, tags = [] } = testCase
  const startedAt = performance.now()
  const elapsed = () => Math.round(performance.now() - startedAt)
  const identity = { id, caseHash: hash, critical, tags }
  let llm: Llm | undefined
  let output = ''
  try {
    const { latencyMs, grades } = await withDeadline(suite.caseTimeoutMs, signal, async (caseSignal) => {
      llm = await suite.open()
      output = await suite.answer(testCase, llm, caseSignal)
      return { latencyMs: elapsed(), grades: await gradeAnswer(suite, output, testCase) }
    })
    const outcome = grades.every(({ pass }) => pass) ? 'pass' : 'fail'
    const graded = { outcome, score: meanScore(grades), grades, error: null } as const
    return { ...identity, ...graded, output, latencyMs, usage: usageOf(llm) }
  } catch (error) {
    signal.throwIfAborted()
    const failure = { outcome: 'error', score: null, error: messageOf(error) } as const
    return { ...identity, ...failure, grades: [], output, latencyMs: elapsed(), usage: usageOf(llm) }
  }
}

/** Waits no longer than the deadline, even for work that ignores its signal; what it does later is not looked at. */
async function withDeadline<T>(
  ms: number = DEFAULT_CASE_TIMEOUT_MS,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error(`timed out after ${ms} ms`)), ms)
  const signal = AbortSignal.any([outer, late.signal])
  try {
    return await untilAborted(signal, () => work(signal))
  } finally {
    clearTimeout(timer)
  }
}

/** What the work gives, or the signal's reason, even from work that ignores the signal. */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([work(), aborted])
}

function usageOf(llm: Llm | undefined): CaseResult['usage'] {
  const nothing = { inputTokens: 0, outputTokens: 0, costUsd: 0 }
  const { inputTokens, outputTokens, costUsd } = llm?.meter.total() ?? nothing
  return { inputTokens, outputTokens, costUsd }
}

/** Hashes of the TypeScript sources, not of what was built from them: they are what is in git. */
export async function hashSources(root: string, prompts: readonly string[]) {
  const sources = async (folder: string) => {
    const names = existsSync(join(root, folder)) ? await readdir(join(root, folder)) : []
    return names.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`)
  }
  const harness = await sources('src/evals')
  const graders = harness.filter((path) => /\/(graders|numbers)\.ts$/.test(path))
  const runner = harness.filter((path) => !graders.includes(path))
  return {
    graders: await hashFiles(root, [...graders, ...(await sources('evals'))]),
    prompts: await hashFiles(root, prompts),
    harness: await hashFiles(root, runner),
  }
}

/** Commit and whether the work tree differs from it; both null where git or a commit is missing. */
export async function gitState(root: string): Promise<Pick<EvalRun, 'commit' | 'dirty'>> {
  const git = async (...args: string[]) =>
    (await promisify(execFile)('git', ['--no-optional-locks', ...args], { cwd: root })).stdout.trim()
  try {
    return { commit: await git('rev-parse', 'HEAD'), dirty: (await git('status', '--porcelain')) !== '' }
  } catch {
    // Not a fault: a folder that was never committed can still be evaluated, and the report says null.
    return { commit: null, dirty: null }
  }
}
