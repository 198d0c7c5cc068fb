import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning } from '../../../templates/_shared/console/files/kit/console/is-running.ts'
import { UserError } from '../../core/errors.ts'
import { toJson } from '../../core/package-json.ts'
import { parseUnfinished, type Unfinished } from '../../core/state/files.ts'
import { createFile, replaceFile } from './atomic.ts'

/** What `next` is making, so that a run that was killed can be finished by the one after it. Gone when it is done. */
const UNFINISHED_FILE = '.ai-eng-next.json'

/** What a run that is no longer there left to be done. Throws a UserError while one is at work. */
export function readUnfinished(folder: string): Unfinished | undefined {
  const path = join(folder, UNFINISHED_FILE)
  if (!existsSync(path)) return undefined
  const unfinished = parseUnfinished(readFileSync(path, 'utf8'), {
    path: UNFINISHED_FILE,
    restore: () => `Delete it: ${UNFINISHED_FILE} only says what a run that was stopped was making`,
  })
  if (unfinished.pid !== process.pid && isRunning(unfinished.pid)) throw refuseAtWork()
  return unfinished
}

export async function beginUnfinished(
  folder: string,
  work: Omit<Unfinished, 'schemaVersion' | 'pid'>,
): Promise<void> {
  const text = toJson({ schemaVersion: 1, pid: process.pid, ...work })
  if (!(await createFile(join(folder, UNFINISHED_FILE), text))) throw refuseAtWork()
}

/** Takes over what another run left, so that a third does not. */
export function claimUnfinished(folder: string, left: Unfinished): Promise<void> {
  return replaceFile(join(folder, UNFINISHED_FILE), toJson({ ...left, pid: process.pid }))
}

export function endUnfinished(folder: string): void {
  rmSync(join(folder, UNFINISHED_FILE), { force: true })
}

function refuseAtWork(): UserError {
  return new UserError(
    'Another ai-eng-starter next is at work here',
    `Wait for it to end. If none runs, delete ${UNFINISHED_FILE}`,
  )
}
