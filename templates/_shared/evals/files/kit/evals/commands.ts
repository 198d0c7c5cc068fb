import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { untilAborted } from '#kit/console/deadline'
import { hashJson } from '#kit/console/hash-json'
import { replaceFile } from '#kit/console/replace-file'
import { gradeAnswer, runCases } from '#kit/evals/evaluate'
import { pairCases } from '#kit/evals/pair'
import { toAnswered } from './attempts.ts'
import { type Baseline, createBaseline, getBaselinePath, readBaseline, writeBaseline } from './baseline.ts'
import { type LoadedCase, readCases } from './cases.ts'
import { CannotRunError, toErrorMessage } from './errors.ts'
import { decideGate, skipGate } from './gate.ts'
import { findLastBlessing } from './history.ts'
import { formatMarkdown, type ProgressStream, showProgress } from './print.ts'
import type { EvalReport, EvalRun, Gate, Provider } from './report.ts'
import { removeKeptReport, removeReport, writeReport } from './report-files.ts'
import { hashSources, readGitState } from './run.ts'
import type { Answered, ComparisonPage, EvalCase, Mode, Suite } from './suite.ts'
import { summariseCases } from './summary.ts'

/** The share of cases in which every deliberately bad answer must fail. */
const MUST_FAIL = 0.8

/** The parts of the process that a command uses. Tests pass their own. */
export interface Surroundings {
  root: string
  env: Record<string, string | undefined>
  stdout: { write(text: string): unknown }
  stderr: ProgressStream
  signal: AbortSignal
  clock: () => Date
}

export interface EvalCommand {
  mode: Mode | 'help'
  /** Only cases with this text in their id or a tag. */
  filter: string | null
  json: boolean
  /** Name every case that is new, changed or gone since the baseline. */
  list: boolean
  /** Number of cases that run in parallel. */
  concurrency: number
  /** Only the suite of this name. */
  suite: string | null
  /** The reason for a new baseline. */
  reason: string | null
  /** The name of the change that is measured; null for the other modes. */
  experiment: string | null
  /** Measures again what was measured after the change. */
  again: boolean
}

export interface EvalSession<C extends EvalCase> extends Surroundings, Omit<EvalCommand, 'suite'> {
  suite: Suite<C>
  cases: LoadedCase<C>[]
  provider: Provider
}

export interface CommandOutcome {
  report: EvalReport
  /** The baseline that the deltas per case refer to. */
  against: Baseline | null
  /** A last line for the user, after the verdict. */
  remark: string | null
}

/**
 * Reads the cases and identifies the provider, so that configuration errors appear before the first paid
 * call. Throws `CannotRunError` if the cases are invalid or the filter matches none, and what the suite's
 * `identity` or `open` throws.
 */
export async function startSession<C extends EvalCase>(
  suite: Suite<C>,
  command: EvalCommand,
  surroundings: Surroundings,
): Promise<EvalSession<C>> {
  const text = command.filter ?? ''
  const writesReport = text === '' && ['gate', 'bless', 'measure'].includes(command.mode)
  // If this run can't finish, an older report would look like its own.
  if (writesReport) await removeReport(surroundings.root, suite.name)
  const all = await readCases(surroundings.root, suite)
  const cases = all.filter(({ testCase: { id, tags = [] } }) =>
    [id, ...tags].some((name) => name.includes(text)),
  )
  if (cases.length === 0) {
    throw new CannotRunError(`no case has "${text}" in its id or a tag`, `The cases are in ${suite.cases}`, 2)
  }
  const provider = await identifyProvider(suite, surroundings.signal)
  if (writesReport && provider.deterministic) await removeKeptReport(surroundings.root, suite.name)
  return { ...surroundings, ...command, suite, cases, provider }
}

async function identifyProvider<C extends EvalCase>(suite: Suite<C>, signal: AbortSignal): Promise<Provider> {
  const identity = suite.identity?.(signal)
  if (identity) return untilAborted(signal, () => identity)
  const { provider: name, modelId: model, deterministic } = await suite.open()
  return { name, model, deterministic }
}

/**
 * Runs all cases and compares them with the committed baseline.
 * A filtered run is for use while you work: it has no gate and writes no file. Throws `CannotRunError` if the
 * suite has no graders, the baseline or history is invalid, or a source can't be read.
 */
export async function gate<C extends EvalCase>(session: EvalSession<C>): Promise<CommandOutcome> {
  const { root, suite, provider, filter, list } = session
  const own = await readBaseline(root, getBaselinePath(suite, provider.name))
  if (filter !== null) {
    const run = await measure(session)
    const reason = `only the ${run.cases.length} cases with "${filter}": no gate, no report, no baseline`
    return { report: addNotes(suite, run, skipGate(run, reason)), against: own, remark: null }
  }
  if (suite.ungated !== undefined) {
    const run = await measure(session)
    const report = addNotes(suite, run, skipGate(run, suite.ungated))
    return publish(session, { report, against: null, remark: null })
  }
  const mayRefer = own === null && !provider.deterministic
  const reference = mayRefer ? await readBaseline(root, getBaselinePath(suite, 'heuristic')) : null
  const run = await measure(session)
  const before = await findLastBlessing(root, suite.name, provider)
  const { blessArgs = [], isReplay = false } = suite
  const report = addNotes(suite, run, {
    ...decideGate(run, own, { reference, blessArgs, isReplay, list }),
    ...(before && { before }),
  })
  return publish(session, { report, against: own ?? reference, remark: null })
}

/**
 * Makes this run the baseline and adds the reason to the history.
 * A run with errors changes no baseline and is reported as `gate` would report it.
 * Throws `CannotRunError` if the suite has no graders, the baseline is invalid, or a source can't be read.
 */
export async function bless<C extends EvalCase>(session: EvalSession<C>): Promise<CommandOutcome> {
  const { root, suite, provider, clock, reason } = session
  const path = getBaselinePath(suite, provider.name)
  const previous = await readBaseline(root, path)
  const run = await measure(session)
  if (run.summary.errors > 0) {
    const report = { ...run, gate: decideGate(run, previous, { blessArgs: suite.blessArgs ?? [] }) }
    const remark = `not blessed, ${path} is unchanged: fix the errors, then run it again`
    return publish(session, { report, against: previous, remark })
  }
  const { gained, lost } = pairCases(run.cases, previous?.cases ?? [])
  const isNew = await writeBaseline(root, path, run, { at: clock(), reason, gained, lost })
  const givenUp = lost.length > 0 ? ` (given up: ${lost.join(', ')})` : ''
  const remark = isNew
    ? `blessed: ${path}${givenUp}; look at its diff, then commit it`
    : `${path} already says this: nothing to bless`
  const { isReplay = false } = suite
  const report = { ...run, gate: decideGate(run, createBaseline(run), { isReplay }) }
  return publish(session, { report, against: previous, remark })
}

/**
 * Runs the suite's comparison of several ways and returns its page. Also writes the page to `reports/`,
 * unless the run is filtered. The gate ignores it. Throws `CannotRunError` if the suite offers no comparison,
 * and the signal's reason when aborted, even if the comparison ignores the signal.
 */
export async function compareWays<C extends EvalCase>(session: EvalSession<C>): Promise<ComparisonPage> {
  const { cases, root, filter, concurrency, signal, stderr } = session
  const { compare } = session.suite
  if (compare === undefined) {
    throw new CannotRunError('this suite has nothing to compare', 'evals/suite.ts can offer `compare`', 2)
  }
  const note = (line: string) => stderr.write(`${line}\n`)
  const testCases = cases.map(({ testCase }) => testCase)
  const made = await untilAborted(signal, () => compare.run(testCases, { concurrency, signal, note }))
  const compared = typeof made === 'string' ? ({ page: made, exitCode: 0 } as const) : made
  if (filter === null) await replaceFile(join(root, 'reports', `${compare.name}.md`), compared.page)
  return compared
}

function addNotes<C extends EvalCase>(suite: Suite<C>, run: EvalRun, gate: Gate): EvalReport {
  return { ...run, gate: { ...gate, notes: [...gate.notes, ...(suite.notes?.() ?? [])] } }
}

export interface BadAnswer {
  name: string
  failed: number
  total: number
  /** Ids of the cases that let the bad answer pass. */
  letThrough: string[]
  caught: boolean
}

/**
 * Checks that the graders fail three bad answers: an empty one, an echo of the input, another case's answer.
 * Throws `CannotRunError` if there is only one case, or if an answer can't be graded, because a grader
 * that throws catches nothing.
 */
export async function checkGraders<C extends EvalCase>(session: EvalSession<C>): Promise<BadAnswer[]> {
  const { suite, cases } = session
  if (cases.length < 2)
    throw new CannotRunError('there is no other case to take an answer from', 'Add a case')
  const { suite: remembering, known } = rememberSources(suite)
  const { cases: results } = await measure({ ...session, suite: remembering })
  const broken = results.find(({ outcome }) => outcome === 'error')
  if (broken) {
    throw new CannotRunError(`${broken.id}: ${broken.error}`, 'First fix what npm run eval lists as errors')
  }
  const answerOfNext = (index: number) => results[(index + 1) % results.length]?.output ?? ''
  const grade = (name: string, answerTo: (testCase: C, index: number) => string | Promise<string>) =>
    gradeEverywhere(name, session, async (testCase, index) => ({
      ...known.get(testCase.id),
      output: await answerTo(testCase, index),
    }))
  return [
    await grade('an empty answer', () => ''),
    await grade('an echo of the input', (testCase) => suite.echo(testCase)),
    await grade("another case's answer", (_testCase, index) => answerOfNext(index)),
  ]
}

/**
 * Records the sources of the good answers, because bad ones are graded with them: without sources,
 * a grader that requires them would fail every bad answer.
 */
function rememberSources<C extends EvalCase>(suite: Suite<C>) {
  const known = new Map<string, Pick<Answered, 'sources'>>()
  const answer: Suite<C>['answer'] = async (testCase, ...rest) => {
    const answered = toAnswered(await suite.answer(testCase, ...rest))
    if (answered.sources) known.set(testCase.id, { sources: answered.sources })
    return answered
  }
  return { suite: { ...suite, answer }, known }
}

async function gradeEverywhere<C extends EvalCase>(
  name: string,
  { suite, cases }: EvalSession<C>,
  answerTo: (testCase: C, index: number) => Promise<Answered>,
): Promise<BadAnswer> {
  const letThrough: string[] = []
  for (const [index, { testCase }] of cases.entries()) {
    try {
      const grades = await gradeAnswer(suite, await answerTo(testCase, index), testCase)
      if (grades.every(({ pass }) => pass)) letThrough.push(testCase.id)
    } catch (error) {
      const problem = `${testCase.id} cannot grade ${name}: ${toErrorMessage(error)}`
      throw new CannotRunError(problem, 'A bad answer is to be failed, not thrown at')
    }
  }
  const total = cases.length
  const failed = total - letThrough.length
  return { name, failed, total, letThrough, caught: failed >= MUST_FAIL * total }
}

/** Runs the cases and records the provider, commit and sources that they ran with. */
async function measure<C extends EvalCase>(session: EvalSession<C>): Promise<EvalRun> {
  const { root, suite, cases, provider, clock, stderr, signal } = session
  await untilAborted(signal, async () => suite.prepare?.(signal))
  const startedAt = clock()
  // Hashed before the run, because a long one gives time to edit.
  const [sources, git] = await Promise.all([hashSources(root, suite), readGitState(root)])
  const progress = showProgress(stderr, cases.length, () => performance.now())
  const results = await runCases(suite, cases, { ...session, onResult: progress.add }).finally(progress.end)
  const hashes = { cases: hashJson(cases.map(({ hash }) => hash)), ...sources }
  const durationMs = Math.max(0, clock().getTime() - startedAt.getTime())
  const run = { name: suite.name, startedAt: startedAt.toISOString(), durationMs, ...git, provider, hashes }
  return { schema: 'eval-report.v1', ...run, cases: results, summary: summariseCases(results) }
}

async function publish<C extends EvalCase>(
  { root, env, suite }: EvalSession<C>,
  outcome: CommandOutcome,
): Promise<CommandOutcome> {
  const page = formatMarkdown(outcome.report, outcome.against, { renderOutput: suite.renderOutput })
  await writeReport(root, outcome.report, page)
  await suite.publish?.(outcome.report, outcome.against)
  if (env.GITHUB_STEP_SUMMARY) await appendFile(env.GITHUB_STEP_SUMMARY, `${page}\n`)
  return outcome
}
