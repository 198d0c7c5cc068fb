import { listFunctions } from '../../core/exercises/baked.ts'
import type { BuildRecord } from '../../core/exercises/records.ts'
import { hasSameCode } from '../../core/exercises/same-code.ts'
import type { Exercise } from '../../core/exercises/schema.ts'
import { type Begun, commitWork, mergeBranch } from '../../io/build/branches.ts'
import { createCommit, type Git, openGit, readCommitted } from '../../io/build/git-files.ts'
import { planRecord } from '../../io/build/records.ts'
import type { ProgramOptions } from '../../io/run-program.ts'
import type { World } from '../world.ts'
import type { Workshop } from './workshop.ts'

interface Finished {
  exercise: Exercise
  begun: Begun
  score: { passed: number; total: number } | null
}

/**
 * Commits the learner's code, and merges it with a record into the branch that the exercise was taken from.
 * Rejects with a UserError when git fails.
 */
export async function mergeExercise(
  { exercise, begun, score }: Finished,
  { options }: Workshop,
  world: World,
): Promise<BuildRecord> {
  const git = await openGit(options)
  await commitWork(git, `Build ${listFunctions(exercise).join(' and ')}`)
  const result = (await isReference(exercise, options)) ? 'reference' : 'built'
  return mergeWithRecord(git, { exercise, begun, score, result }, options, world.now())
}

/**
 * Commits what the learner has so far, puts back the code that was taken out, and merges with a record.
 * Rejects with a UserError when git fails.
 */
export async function giveUp(
  exercise: Exercise,
  begun: Begun,
  { options }: Workshop,
  world: World,
): Promise<BuildRecord> {
  const git = await openGit(options)
  const names = listFunctions(exercise).join(' and ')
  await commitWork(git, `Try to build ${names}`)
  const before = `${begun.takenOut}^`
  const files = new Map<string, Buffer>()
  for (const { file } of exercise.takes) {
    const text = await readCommitted(before, file, options)
    if (text === undefined) throw new Error(`${before} has no ${file}`)
    files.set(file, Buffer.from(text))
  }
  const message = `Give up on ${names}: put the earlier code back`
  const commit = await createCommit(git, { parents: ['HEAD'], from: 'HEAD', files, message })
  await git(['reset', '--quiet', '--hard', commit])
  return mergeWithRecord(git, { exercise, begun, score: null, result: 'given-up' }, options, world.now())
}

async function mergeWithRecord(
  git: Git,
  { exercise, begun, score, result }: Finished & { result: BuildRecord['result'] },
  options: ProgramOptions,
  now: Date,
): Promise<BuildRecord> {
  const { takenOut, since } = begun
  const commit = (await git(['rev-parse', 'HEAD'])).trim()
  const count = (from: string, to: string) => countAdded(git, exercise, from, to)
  const record: BuildRecord = {
    schemaVersion: 1,
    exercise: exercise.id,
    title: exercise.title,
    result,
    functions: listFunctions(exercise),
    at: now.toISOString(),
    takenOut,
    commit,
    seconds: Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000)),
    lines: { yours: await count(takenOut, commit), reference: await count(takenOut, `${takenOut}^`) },
    eval: score,
  }
  const message = `Merge ${begun.branch}: ${exercise.title}`
  await mergeBranch(git, { begun, message, files: planRecord(record) }, options)
  return record
}

/** Lines that a commit adds to the exercise's files. */
async function countAdded(git: Git, { takes }: Exercise, from: string, to: string): Promise<number> {
  const files = takes.map(({ file }) => file)
  const stat = await git(['diff', '--numstat', from, to, '--', ...files])
  return stat
    .split('\n')
    .map((line) => Number(/^(\d+)\t/.exec(line)?.[1] ?? 0))
    .reduce((sum, lines) => sum + lines, 0)
}

/** Whether every function equals the template's, but for names and formatting. */
async function isReference({ takes }: Exercise, options: ProgramOptions): Promise<boolean> {
  for (const { file, references } of takes) {
    const text = (await readCommitted('HEAD', file, options)) ?? ''
    if (!references.every((reference) => hasSameCode(text, reference))) return false
  }
  return true
}
