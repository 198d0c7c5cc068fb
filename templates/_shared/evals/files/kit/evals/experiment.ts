import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '#kit/console/replace-file'
import { computeMcnemar } from '#kit/evals/mcnemar'
import { pairCases } from '#kit/evals/pair'
import type { Baseline } from './baseline.ts'
import { type CommandOutcome, type EvalSession, gate } from './commands.ts'
import { CannotRunError, toErrorMessage } from './errors.ts'
import { type EvalReport, evalReport } from './report.ts'
import type { EvalCase } from './suite.ts'

const FOLDER = 'evals/experiments'

interface Paths {
  before: string
  after: string
  note: string
}

/**
 * Runs every case and keeps the report in `evals/experiments/`: as `<name>.before.json` the first time, as
 * `<name>.after.json` the second. Throws `CannotRunError`, and keeps nothing, for a name that has both, and for runs
 * that cannot be compared.
 */
export async function measureChange<C extends EvalCase>(
  session: EvalSession<C>,
  name: string,
): Promise<CommandOutcome> {
  const { root, suite, again } = session
  const paths = nameExperimentFiles(name)
  const before = await readExperiment(root, paths.before)
  assertOpen({ root, name, paths, again, suite: suite.name, before })
  const outcome = await gate(session)
  const { report } = outcome
  if (report.summary.errors > 0)
    return { ...outcome, remark: `not measured: fix the errors, then run npm run measure -- ${name} again` }
  if (before === null) {
    await writeExperiment(root, paths.before, report)
    return { ...outcome, remark: describeStart(name, paths) }
  }
  assertComparable(before, report, { name, paths })
  await writeExperiment(root, paths.after, report)
  return { ...outcome, remark: describeEffect(before, report, paths) }
}

function nameExperimentFiles(name: string): Paths {
  const path = `${FOLDER}/${name}`
  return { before: `${path}.before.json`, after: `${path}.after.json`, note: `${path}.md` }
}

interface ExperimentOpening {
  root: string
  name: string
  paths: Paths
  again: boolean
  suite: string
  before: EvalReport | null
}

/** Checks all that can be checked before a model is asked. */
function assertOpen({ root, name, paths, again, suite, before }: ExperimentOpening): void {
  if (existsSync(join(root, paths.after)) && !again)
    throw new CannotRunError(
      `${name} is measured before and after already`,
      `Choose another name, or replace the second run: npm run measure -- ${name} --again`,
      2,
    )
  if (before !== null && before.name !== suite)
    throw new CannotRunError(
      `${paths.before} is a run of ${before.name}, this one would be of ${suite}`,
      'Measure the same suite, or choose another name',
      2,
    )
}

/** Throws `CannotRunError` where the difference between two runs would say nothing about one change. */
function assertComparable(
  before: EvalReport,
  after: EvalReport,
  { name, paths }: Pick<ExperimentOpening, 'name' | 'paths'>,
) {
  const again = `then: npm run measure -- ${name}`
  if (before.hashes.graders !== after.hashes.graders)
    throw new CannotRunError(
      `the graders changed since ${paths.before}, so the scores mean different things`,
      `Restore evals/ from git, or choose another name and measure both runs with the new graders`,
    )
  if (describeSetup(before) === describeSetup(after) && after.dirty !== true && before.dirty !== true)
    throw new CannotRunError(
      `nothing changed since ${paths.before}: the commit, the prompts and the model are the same`,
      `Change one thing and commit it, ${again}`,
    )
}

function describeSetup({ provider, hashes, commit }: EvalReport): string {
  return JSON.stringify([provider.name, provider.model, hashes.prompts, hashes.harness, commit])
}

function describeStart(name: string, { before }: Paths): string {
  return [
    `kept: ${before}`,
    `Now change one thing (a prompt, a setting, the model) and commit it, then: npm run measure -- ${name}`,
  ].join('\n')
}

function describeEffect(before: EvalReport, after: EvalReport, paths: Paths): string {
  const { gained, lost, delta } = pairCases(after.cases, toKnownCases(before))
  const paired = delta?.paired ?? 0
  const passedNow = countPassed(after, before)
  const p = computeMcnemar(gained.length, lost.length)
  const chance =
    gained.length + lost.length === 0 ? 'no case changed' : `exact McNemar p = ${p.toPrecision(2)}`
  return [
    `kept: ${paths.after}`,
    `before ${passedNow - gained.length + lost.length} of ${paired}, after ${passedNow} of ${paired}; ${chance}`,
    `gained: ${gained.join(', ') || 'none'}; lost: ${lost.join(', ') || 'none'}`,
    existsSync(paths.note)
      ? `Commit ${FOLDER}/ with the note ${paths.note}`
      : `Now write ${paths.note}: what you changed, what you expected, what you think now. Then commit ${FOLDER}/`,
  ].join('\n')
}

/** Cases that pass in `report` and are unchanged since `other`. */
function countPassed({ cases }: EvalReport, other: EvalReport): number {
  const known = new Map(toKnownCases(other).map(({ id, caseHash }) => [id, caseHash]))
  return cases.filter(({ id, caseHash, outcome }) => outcome === 'pass' && known.get(id) === caseHash).length
}

function toKnownCases({ cases }: EvalReport): Baseline['cases'] {
  return cases.flatMap(({ id, caseHash, outcome, score }) =>
    outcome === 'error' || score === null ? [] : [{ id, caseHash, outcome, score }],
  )
}

async function readExperiment(root: string, path: string): Promise<EvalReport | null> {
  if (!existsSync(join(root, path))) return null
  try {
    return evalReport.parse(JSON.parse(await readFile(join(root, path), 'utf8')))
  } catch (error) {
    throw new CannotRunError(
      `${path} is not a report: ${toErrorMessage(error)}`,
      'Restore it from git, or delete it and measure again',
    )
  }
}

/** One case per line, so that the file is as long as the set of cases. */
async function writeExperiment(root: string, path: string, { cases, ...head }: EvalReport): Promise<void> {
  const lines = cases.map((result) => `    ${JSON.stringify(result)}`)
  const text = JSON.stringify(head, null, 2).replace(
    /\n}$/,
    `,\n  "cases": [\n${lines.join(',\n')}\n  ]\n}\n`,
  )
  await replaceFile(join(root, path), text)
}
