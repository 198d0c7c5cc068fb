import { quoteShellWord } from '../../../templates/_shared/console/files/kit/console/shell.ts'
import { EXIT, UsageError, UserError } from '../../core/errors.ts'
import { readExercises } from '../../core/exercises/baked.ts'
import type { Exercise } from '../../core/exercises/schema.ts'
import { escapeInvisible } from '../../core/text.ts'
import { listNames } from '../../core/words.ts'
import { type Begun, type Repository, readRepository } from '../../io/build/branches.ts'
import type { ProgramOptions } from '../../io/run-program.ts'
import { type Project, readFolder } from '../../io/state/folder.ts'
import type { World } from '../world.ts'

/** A project, its exercises and its repository. */
export interface Workshop {
  project: Project
  exercises: Exercise[]
  repository: Repository
  options: ProgramOptions
}

/**
 * Throws a UserError outside a project, for a project without exercises, and without a repository; a
 * StateError for unreadable state.
 */
export async function openWorkshop(world: World): Promise<Workshop> {
  const folder = readFolder(world.directory)
  const project = folder.projects.find(({ name }) => name === folder.current)
  if (!project)
    throw new UserError('This folder is not in a project', describeProjects(folder.projects), {
      exitCode: EXIT.usage,
    })
  const { template } = project.file
  const isKnown = world.catalogue.templates.some(({ manifest }) => manifest.id === template)
  const exercises = isKnown ? readExercises(world.packOf(template)) : []
  if (exercises.length === 0)
    throw new UserError(`The template ${escapeInvisible(template)} has no exercises`)
  const options = { directory: project.directory, signal: world.signal }
  return { project, exercises, repository: await readRepository(options), options }
}

function describeProjects(projects: readonly Project[]): string {
  const [first] = projects
  if (!first) return 'Run it inside a project'
  return `Go to one first: cd ${quoteShellWord(first.name)}. Projects here: ${listNames(
    projects.map(({ name }) => name),
    5,
  )}`
}

/** Throws a UsageError that lists the exercises for a name that is none of them. */
export function findExercise(name: string, { exercises }: Workshop): Exercise {
  const found = exercises.find(({ id }) => id === name)
  if (found) return found
  const ids = exercises.map(({ id }) => id).join(', ')
  throw new UsageError(`This project has no exercise ${escapeInvisible(name)}`, `Exercises: ${ids}`)
}

/** The exercise whose branch is checked out, if any. */
export function findCurrent({ repository }: Workshop): Begun | undefined {
  return repository.begun.find(({ branch }) => branch === repository.branch)
}
