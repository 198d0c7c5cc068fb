import { EXIT, UsageError, UserError } from '../../core/errors.ts'
import { type BuildRecord, pickRecords } from '../../core/exercises/records.ts'
import type { Exercise } from '../../core/exercises/schema.ts'
import { failWith, type Outcome, succeed } from '../../core/outcome.ts'
import { type Begun, isMerged, leaveBranch } from '../../io/build/branches.ts'
import { openGit } from '../../io/build/git-files.ts'
import { readBuildRecords } from '../../io/build/records.ts'
import type { World } from '../world.ts'
import { type BuildComparison, compareExercise } from './compare.ts'
import { giveUp, mergeExercise } from './finish.ts'
import { openExercise } from './open.ts'
import { type BuildProgress, runStages } from './stages.ts'
import { findCurrent, findExercise, openWorkshop, type Workshop } from './workshop.ts'

export interface BuildRequest {
  exercise: string | undefined
  /** How many hints to show; undefined to show none. */
  hint: number | undefined
  compare: boolean
  giveUp: boolean
  /** Merge without asking. */
  yes: boolean
}

export type ExerciseState = 'open' | 'begun' | BuildRecord['result']

export type BuildResult =
  | { kind: 'list'; project: string; exercises: ListedExercise[] }
  | { kind: 'hints'; exercise: ShownExercise; hints: string[]; total: number }
  | ({ kind: 'comparison'; exercise: ShownExercise } & BuildComparison)
  | { kind: 'step'; exercise: ShownExercise; begun: Begun; isNew: boolean; progress: BuildProgress }
  | { kind: 'merged'; exercise: ShownExercise; begun: Begun; record: BuildRecord }
  | { kind: 'returned'; exercise: ShownExercise; begun: Begun }

/** An exercise without what would give it away. */
interface ShownExercise extends Pick<Exercise, 'id' | 'title' | 'minutes' | 'read'> {
  takes: { file: string; functions: readonly string[] }[]
}

export interface ListedExercise {
  id: string
  title: string
  minutes: number
  state: ExerciseState
}

/**
 * Lists the exercises, begins one, or shows how far it is and merges it once all is green. The outcome has a
 * problem while something is red. Throws a UserError, with nothing of the learner's lost, when that cannot be
 * done.
 */
export async function buildExercise(request: BuildRequest, world: World): Promise<Outcome<BuildResult>> {
  const workshop = await openWorkshop(world)
  const current = findCurrent(workshop)
  const name = request.exercise ?? current?.exercise
  if (name === undefined) return succeed(list(request, workshop))
  const exercise = findExercise(name, workshop)
  if (request.hint !== undefined) return succeed(showHints(exercise, request.hint))
  if (request.compare)
    return succeed({
      kind: 'comparison',
      exercise: hideAnswers(exercise),
      ...(await compareExercise(exercise, workshop, world)),
    })
  if (request.giveUp) return succeed(await giveUpExercise(exercise, workshop, world))
  return continueExercise(exercise, request, workshop, world)
}

function list({ hint, compare, giveUp: gives }: BuildRequest, workshop: Workshop): BuildResult {
  if (hint !== undefined || compare || gives)
    throw new UsageError(
      'Name the exercise: you are not on the branch of one',
      'To list them: ai-eng-starter build',
    )
  const { project, exercises, repository } = workshop
  const records = pickRecords(readBuildRecords(project.directory))
  const stateOf = (id: string): ExerciseState =>
    repository.begun.some((one) => one.exercise === id) ? 'begun' : (records.get(id)?.result ?? 'open')
  const listed = exercises.map(({ id, title, minutes }) => ({ id, title, minutes, state: stateOf(id) }))
  return { kind: 'list', project: project.name, exercises: listed }
}

function hideAnswers({ id, title, minutes, read, takes }: Exercise): ShownExercise {
  return { id, title, minutes, read, takes: takes.map(({ file, functions }) => ({ file, functions })) }
}

function showHints(exercise: Exercise, level: number): BuildResult {
  const { hints } = exercise
  return { kind: 'hints', exercise: hideAnswers(exercise), hints: hints.slice(0, level), total: hints.length }
}

async function giveUpExercise(exercise: Exercise, workshop: Workshop, world: World): Promise<BuildResult> {
  const begun = findCurrent(workshop)
  if (begun?.exercise !== exercise.id)
    throw new UserError(
      `You are not building ${exercise.id}`,
      `Give up where you build: git switch build/${exercise.id}`,
      { exitCode: EXIT.usage },
    )
  const record = await giveUp(exercise, begun, workshop, world)
  return { kind: 'merged', exercise: hideAnswers(exercise), begun, record }
}

async function continueExercise(
  exercise: Exercise,
  request: BuildRequest,
  workshop: Workshop,
  world: World,
): Promise<Outcome<BuildResult>> {
  const current = findCurrent(workshop)
  if (current?.exercise === exercise.id && (await isMerged(current, workshop.options))) {
    await leaveBranch(await openGit(workshop.options), current)
    return succeed({ kind: 'returned', exercise: hideAnswers(exercise), begun: current })
  }
  const isNew = current?.exercise !== exercise.id
  const begun = isNew ? await openExercise(exercise, workshop, world) : current
  const progress = await runStages(exercise, workshop, world)
  const step: BuildResult = { kind: 'step', exercise: hideAnswers(exercise), begun, isNew, progress }
  if (progress.stage !== 'green')
    return isNew ? succeed(step) : failWith(step, describeRed(exercise, progress), undefined, EXIT.unmet)
  if (!(await mayMerge(begun, request, world))) return succeed(step)
  const record = await mergeExercise({ exercise, begun, score: progress.score }, workshop, world)
  return succeed({ kind: 'merged', exercise: hideAnswers(exercise), begun, record })
}

function describeRed({ id }: Exercise, progress: Exclude<BuildProgress, { stage: 'green' }>): string {
  if (!('red' in progress)) return `${id}: npm run ${progress.script} fails`
  return `${id}: ${progress.passed} of ${progress.total} tests pass`
}

async function mayMerge(
  { branch, home }: Begun,
  { yes }: BuildRequest,
  { ask, tell }: World,
): Promise<boolean> {
  if (yes) return true
  if (!ask) return false
  tell({ kind: 'tested' })
  const answer = await ask.choose(`All green. Commit your code and merge ${branch} into ${home}?`, [
    { value: 'yes', label: 'yes', hint: 'nothing is pushed' },
    { value: 'no', label: 'not yet', hint: 'to go on working on it' },
  ])
  return answer === 'yes'
}
