import { builtinModules } from 'node:module'
import { basename, resolve } from 'node:path'
import type { Template } from '../../core/catalogue.ts'
import { UserError } from '../../core/errors.ts'
import { type ProjectName, parseDirectory, parseProjectName } from '../../core/names.ts'
import { hasUnfinishedWork, inspectTarget } from '../../io/target.ts'

interface NamedTarget {
  /** Absolute. */
  directory: string
  name: ProjectName
}

/**
 * The directory as an absolute path, and the project's name: `--name`, or the last segment of the directory.
 * Throws a UsageError for a directory or a name that cannot be used.
 */
export function resolveTarget(text: string, name: string | undefined, template: Template): NamedTarget {
  const requested = parseDirectory(text)
  const directory = resolve(requested.path)
  const nameText = name ?? requested.scopedName ?? basename(directory)
  const parsed = parseProjectName(nameText, listTakenNames(template))
  if (name === undefined || requested.isCurrent) return { directory, name: parsed }
  parseProjectName(basename(directory), new Set())
  return { directory, name: parsed }
}

/** A project with one of these names would import itself. */
function listTakenNames({ dependencies }: Template): ReadonlySet<string> {
  return new Set([...builtinModules, ...dependencies])
}

/**
 * Why a project cannot be written to this directory, in one line; undefined when it can. What a killed run
 * left in the directory is rolled back before the project is written, so it is no reason.
 */
export function findTargetProblem(directory: string, force: boolean): string | undefined {
  try {
    if (!hasUnfinishedWork(directory)) inspectTarget(directory, { force })
    return undefined
  } catch (error) {
    return joinAdvice(error)
  }
}

/** The same for a directory as typed, which may also be no directory, or give a name that cannot be used. */
export function findTextProblem(
  text: string,
  { name, force }: Wanted,
  template: Template,
): string | undefined {
  try {
    return findTargetProblem(resolveTarget(text, name, template).directory, force)
  } catch (error) {
    return joinAdvice(error)
  }
}

interface Wanted {
  name?: string
  force: boolean
}

/** The message and the advice of a UserError. Rethrows every other error. */
function joinAdvice(error: unknown): string {
  if (error instanceof UserError) return [error.message, error.hint].filter(Boolean).join('. ')
  throw error
}
