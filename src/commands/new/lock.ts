import { Cancelled, EXIT } from '../../core/errors.ts'
import { type Outcome, type Problem, succeed } from '../../core/outcome.ts'
import { NPM, type PackageManager } from '../../core/pm/name.ts'
import { findWords, NPM_WORDS, needsConversion } from '../../core/pm/words.ts'
import type { World } from '../world.ts'
import type { NewRequest } from './answers.ts'
import { cancel, describeResume, findReason, type MadeProject, unlessCancelled } from './made.ts'
import type { LockOutcome } from './result.ts'

/** Only npm's lock file ships, so that of another manager is made from it; without a network it stays to do. */
export async function settleLock(
  project: MadeProject,
  request: NewRequest,
  { signal, tell }: World,
): Promise<Outcome<LockOutcome>> {
  const { importLock, needsImport } = await import('../../io/packages.ts')
  const { directory, manager } = project
  const { lock: file } = findWords(manager)
  if (manager.name === NPM.name) return succeed({ status: 'shipped', file, reason: null })
  if (!needsImport(directory, manager)) return succeed({ status: 'imported', file, reason: null })
  if (!request.install && !request.verify) return succeed({ status: 'todo', file, reason: '--no-install' })
  const command = findWords(manager).importLock
  tell({ kind: 'importing', lock: file, command })
  const imported = await unlessCancelled(() => importLock(manager, { directory, signal }))
  if (imported instanceof Cancelled) {
    const left: LockOutcome = { status: 'todo', file, reason: 'interrupted' }
    return { result: left, problem: cancel(imported, project, describeImport(manager)) }
  }
  const { ok, reason, output } = imported
  const why = ok ? null : `${command} ${reason}${findReason(output, manager)}`
  const lock: LockOutcome = { status: ok ? 'imported' : 'todo', file, reason: why }
  tell({ kind: 'imported', lock })
  return succeed(lock)
}

/** The command that makes the manager's lock file by hand. Yarn 2 and later cannot read npm's, so it resolves again. */
export function describeImport(manager: PackageManager): string {
  const { importLock, install } = findWords(manager)
  return `${needsConversion(manager) ? install : importLock} && rm ${NPM_WORDS.lock}`
}

/** `--verify` needs packages, and those need the lock file. */
export function explainUnchecked(project: MadeProject, { file, reason }: LockOutcome): Problem {
  const message = `The new project cannot be checked without ${file}: ${reason}`
  const hint = describeResume(project, describeImport(project.manager))
  return { message, hint, exitCode: EXIT.failed }
}

export function listPaths({ paths }: MadeProject, { status, file }: LockOutcome): string[] {
  return status === 'imported' ? [...paths.filter((path) => path !== NPM_WORDS.lock), file] : paths
}
