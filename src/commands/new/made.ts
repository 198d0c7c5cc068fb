import { quoteShellWord } from '../../../templates/_shared/console/files/kit/console/shell.ts'
import { Cancelled } from '../../core/errors.ts'
import { type Problem, toProblem } from '../../core/outcome.ts'
import type { PackageManager } from '../../core/pm/name.ts'
import { findWords } from '../../core/pm/words.ts'

/** A project with all its files on disk. */
export interface MadeProject {
  template: string
  name: string
  /** Absolute. */
  directory: string
  /** As the user would type it. */
  shown: string
  manager: PackageManager
  /** The command that installs exactly what the lock file lists. */
  ci: string
  /** Paths of its files, relative to the directory. */
  paths: string[]
}

export async function unlessCancelled<T>(work: () => Promise<T>): Promise<T | Cancelled> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Cancelled) return error
    throw error
  }
}

/** All files are written by now, so a cancel keeps them and says how to continue. */
export function cancel(cancelled: Cancelled, project: MadeProject, command: string): Problem {
  return { ...toProblem(cancelled), hint: describeResume(project, command) }
}

export function describeResume({ shown }: MadeProject, command: string): string {
  const enter = shown === '.' ? '' : `cd ${quoteShellWord(shown)} && `
  return `The project is complete. To continue: ${enter}${command}`
}

/** The manager's own reason: the first line that it marked as an error. */
export function findReason(output: string, manager: PackageManager): string {
  const { failure } = findWords(manager)
  for (const line of output.split('\n')) {
    const reason = failure.exec(line)?.[1]
    if (reason !== undefined) return `: ${reason.trim()}`
  }
  return ''
}
