import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning } from '../../../templates/_shared/console/files/kit/console/is-running.ts'
import { UserError } from '../../core/errors.ts'
import { toJson } from '../../core/package-json.ts'
import { parseUnfinished, type Unfinished } from '../../core/state/files.ts'
import { createFile, replaceFile } from './atomic.ts'
import { readIfThere } from './read-if-there.ts'

/**
 * The project that `next` is creating, so that the next run can complete it after a kill. Deleted when the
 * project is done.
 */
const UNFINISHED_FILE = '.ai-eng-next.json'

/**
 * Reads what a dead run left unfinished. Throws a UserError while that run is alive, a StateError for an
 * unreadable file.
 */
export function readUnfinished(folder: string): Unfinished | undefined {
  const path = join(folder, UNFINISHED_FILE)
  const text = readIfThere(path, UNFINISHED_FILE)
  if (text === undefined) return undefined
  const unfinished = parseUnfinished(text, {
    path: UNFINISHED_FILE,
    restore: () => `Delete it: ${UNFINISHED_FILE} only records what a stopped run was creating`,
  })
  if (unfinished.pid !== process.pid && isRunning(unfinished.pid)) throw refuseAtWork()
  return unfinished
}

/** Records what this run is about to create. Throws a UserError when another run has already done so. */
export async function beginUnfinished(
  folder: string,
  work: Omit<Unfinished, 'schemaVersion' | 'pid'>,
): Promise<void> {
  const text = toJson({ schemaVersion: 1, pid: process.pid, ...work })
  if (!(await createFile(join(folder, UNFINISHED_FILE), text))) throw refuseAtWork()
}

/** Takes over what another run left, so that no third run does. */
export function claimUnfinished(folder: string, left: Unfinished): Promise<void> {
  return replaceFile(join(folder, UNFINISHED_FILE), toJson({ ...left, pid: process.pid }))
}

export function endUnfinished(folder: string): void {
  rmSync(join(folder, UNFINISHED_FILE), { force: true })
}

function refuseAtWork(): UserError {
  return new UserError(
    'Another ai-eng-starter next is running here',
    `Wait until it ends. If none is running, delete ${UNFINISHED_FILE}`,
  )
}
