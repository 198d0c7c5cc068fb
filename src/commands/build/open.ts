import { UserError } from '../../core/errors.ts'
import { listFunctions, readTakenOut } from '../../core/exercises/baked.ts'
import type { Exercise } from '../../core/exercises/schema.ts'
import { escapeControls } from '../../core/text.ts'
import { type Begun, openBranch, readRepository, switchBranch } from '../../io/build/branches.ts'
import { mergeTexts, openGit, readCommitted } from '../../io/build/git-files.ts'
import { NAMELESS, replanFiles } from '../replan.ts'
import type { World } from '../world.ts'
import { findCurrent, type Workshop } from './workshop.ts'

/**
 * Takes the code of an exercise out on a branch of its own and switches to it, or switches to the branch that
 * an earlier run made. Throws a UserError, with nothing changed, when files are not committed, when another
 * exercise is checked out, and when the code cannot be taken out of the learner's file.
 */
export async function openExercise(exercise: Exercise, workshop: Workshop, world: World): Promise<Begun> {
  const { repository, options } = workshop
  refuse(exercise, workshop)
  const git = await openGit(options)
  const known = repository.begun.find((one) => one.exercise === exercise.id)
  if (known) await switchBranch(git, known.branch)
  else
    await openBranch(git, {
      exercise: exercise.id,
      home: repository.branch ?? '',
      subject: `Take ${listFunctions(exercise).join(' and ')} out, to build it`,
      files: await planTakenOut(exercise, workshop, world),
    })
  const { begun } = await readRepository(options)
  const opened = begun.find((one) => one.exercise === exercise.id)
  if (!opened) throw new Error(`the branch of ${exercise.id} was not created`)
  return opened
}

function refuse(exercise: Exercise, workshop: Workshop): void {
  const { branch, isClean } = workshop.repository
  const current = findCurrent(workshop)
  if (current && current.exercise !== exercise.id)
    throw new UserError(
      `You are building ${current.exercise}, on the branch ${current.branch}`,
      `Finish it: ai-eng-starter build. Or leave it for later: git switch ${current.home}`,
    )
  if (branch === null)
    throw new UserError('No branch is checked out', 'Switch to the branch to build on: git switch main')
  if (!isClean)
    throw new UserError(
      'Some files are not committed, and an exercise starts from a clean tree',
      'Commit them: git add -A && git commit. Or put them aside: git stash -u',
    )
}

/**
 * The learner's files without the code of the exercise. What the learner changed elsewhere in them stays.
 */
async function planTakenOut(
  { id, takes }: Exercise,
  { project, options }: Workshop,
  world: World,
): Promise<Map<string, Buffer>> {
  const planned = replanFiles(project.file, NAMELESS, world)
  const pack = world.packOf(project.file.template)
  const files = new Map<string, Buffer>()
  for (const { file, functions } of takes) {
    const ours = await readCommitted('HEAD', file, options)
    if (ours === undefined)
      throw new UserError(
        `${file} is not in your last commit, and ${functions.join(', ')} is built in it`,
        `Restore it from an earlier commit: git log --oneline -- ${file}`,
      )
    const base = planned.find(({ path }) => path === file)?.content.toString('utf8') ?? ''
    const merged = await mergeTexts({ ours, base, theirs: readTakenOut(pack, id, file) }, options)
    if (merged === undefined || merged === ours)
      throw new UserError(
        `${escapeControls(file)}: ${functions.join(', ')} cannot be taken out, because you changed ${functions.length > 1 ? 'them' : 'it'}`,
        `See your change: git diff $(git rev-list --max-parents=0 HEAD) -- ${file}`,
      )
    files.set(file, Buffer.from(merged))
  }
  return files
}
