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
import { removeReport, writeReport } from './report-files.ts'
import { hashSources, readGitState } from './run.ts'
import type { Answered, ComparisonPage, EvalCase, Mode, Suite } from './suite.ts'
import { summariseCases } from './summary.ts'

/** Share of cases that every deliberately bad answer must fail. */
const MUST_FAIL = 0.8

/** What a command uses of the process; tests pass their own. */
export interface Surroundings {
  root: string
  env: Record<string, string | undefined>
  stdout: { write(text: string): unknown }
  stderr: ProgressStream
  signal: AbortSignal
  clock: () => Date
}

export interface Command {
  mode: Mode | 'help'
  /** Only cases with this text in their id or a tag. */
  filter: string | null
  json: boolean
  /** Number of cases that run at a time. */
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

export interface Session<C extends EvalCase> extends Surroundings, Omit<Command, 'suite'> {
  suite: Suite<C>
  cases: LoadedCase<C>[]
  provider: Provider
}

export interface Outcome {
  report: EvalReport
  /** The baseline of the deltas per case. */
  against: Baseline | null
  /** A last line for the user, after the verdict. */
  remark: string | null
}

/** Reads the cases and identifies the provider, so that configuration errors appear before the first paid call. */
export async function startSession<C extends EvalCase>(
  suite: Suite<C>,
  command: Command,
  surroundings: Surroundings,
): Promise<Session<C>> {
  const text = command.filter ?? ''
  const writesReport = text === '' && ['gate', 'bless', 'measure'].includes(command.mode)
  // A report that outlives a run which could not finish would look like that run's.
  if (writesReport) await removeReport(surroundings.root, suite.name)
  const all = await readCases(surroundings.root, suite)
  const cases = all.filter(({ testCase: { id, tags = [] } }) =>
    [id, ...tags].some((name) => name.includes(text)),
  )
  if (cases.length === 0) {
    throw new CannotRunError(`no case has "${text}" in its id or a tag`, `The cases are in ${suite.cases}`, 2)
  }
  return {
    ...surroundings,
    ...command,
    suite,
    cases,
    provider: await identifyProvider(suite, surroundings.signal),
  }
}

async function identifyProvider<C extends EvalCase>(suite: Suite<C>, signal: AbortSignal): Promise<Provider> {
  const identity = suite.identity?.(signal)
  if (identity) return untilAborted(signal, () => identity)
  const { provider: name, modelId: model, deterministic } = await suite.open()
  return { name, model, deterministic }
}

/** All cases against the committed baseline. Only some of them are to look at while working: that writes no file. */
export async function gate<C extends EvalCase>(session: Session<C>): Promise<Outcome> {
  const { root, suite, provider, filter } = session
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
  const { blessArgs = [] } = suite
  const report = addNotes(suite, run, {
    ...decideGate(run, own, { reference, blessArgs }),
    ...(before && { before }),
  })
  return publish(session, { report, against: own ?? reference, remark: null })
}

/** Makes this run the baseline and adds the reason to the history. A run with errors is reported as the gate would report it. */
export async function bless<C extends EvalCase>(session: Session<C>): Promise<Outcome> {
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
  const report = { ...run, gate: decideGate(run, createBaseline(run)) }
  return publish(session, { report, against: previous, remark })
}

/**
 * The suite's comparison of several ways, as a page: also in `reports/`, unless it is of some cases only. It decides nothing.
 * Throws `CannotRunError` when the suite offers none, and the signal's reason, whatever the comparison makes of the signal.
 */
export async function compareWays<C extends EvalCase>(session: Session<C>): Promise<ComparisonPage> {
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
  /** Cases that let the bad answer pass. */
  letThrough: string[]
  caught: boolean
}

/**
 * Checks that the graders fail three bad answers: an empty one, an echo of the input, another case's answer.
 * Throws `CannotRunError` when one cannot be graded, since a grader that throws catches nothing.
 */
export async function checkGraders<C extends EvalCase>(session: Session<C>): Promise<BadAnswer[]> {
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

/** A bad answer is graded with the sources of the good one: without any, a grader that wants them would catch everything. */
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
  { suite, cases }: Session<C>,
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

/** Runs the cases and records what they were run with. */
async function measure<C extends EvalCase>(session: Session<C>): Promise<EvalRun> {
  const { root, suite, cases, provider, clock, stderr, signal } = session
  await untilAborted(signal, async () => suite.prepare?.(signal))
  const startedAt = clock()
  // Before the run, since a long one gives time to edit.
  const [sources, git] = await Promise.all([hashSources(root, suite), readGitState(root)])
  const progress = showProgress(stderr, cases.length, () => performance.now())
  const results = await runCases(suite, cases, { ...session, onResult: progress.add }).finally(progress.end)
  const hashes = { cases: hashJson(cases.map(({ hash }) => hash)), ...sources }
  const durationMs = Math.max(0, clock().getTime() - startedAt.getTime())
  const run = { name: suite.name, startedAt: startedAt.toISOString(), durationMs, ...git, provider, hashes }
  return { schema: 'eval-report.v1', ...run, cases: results, summary: summariseCases(results) }
}

async function publish<C extends EvalCase>(
  { root, env, suite }: Session<C>,
  outcome: Outcome,
): Promise<Outcome> {
  const page = formatMarkdown(outcome.report, outcome.against, { renderOutput: suite.renderOutput })
  await writeReport(root, outcome.report, page)
  await suite.publish?.(outcome.report, outcome.against)
  if (env.GITHUB_STEP_SUMMARY) await appendFile(env.GITHUB_STEP_SUMMARY, `${page}\n`)
  return outcome
}
