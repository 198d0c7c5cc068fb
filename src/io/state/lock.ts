import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tryLock } from '../../../templates/_shared/console/files/kit/console/owned-lock.ts'
import { UserError } from '../../core/errors.ts'
import { escapeControls } from '../../core/text.ts'
import { explainWriteInPlace } from '../explain.ts'

const WAIT_MS = 15
const PATIENCE_MS = 20_000
/**
 * Longer than any write takes: a lock of this age was left by a machine that crashed, even if a process now
 * has its owner's id.
 */
const STALE_MS = 60_000

/**
 * Runs `work` while no other process does so for the same lock; takes over the lock of a dead process. Throws
 * a UserError when the other process does not release it.
 */
export async function withLock<T>(lock: string, work: () => T | Promise<T>): Promise<T> {
  const release = await acquire(lock)
  try {
    return await work()
  } finally {
    await release()
  }
}

async function acquire(lock: string): Promise<() => Promise<void>> {
  const start = Date.now()
  for (;;) {
    const attempt = await tryLock(lock, { staleMs: STALE_MS }).catch((error: unknown) => {
      throw explainWriteInPlace(error, dirname(lock))
    })
    if (attempt.kind === 'held') return attempt.release
    if (Date.now() - start > PATIENCE_MS)
      throw new UserError(
        `Another ai-eng-starter is writing: ${escapeControls(lock)}`,
        'Wait until it ends. If none is running, delete that file',
      )
    await sleep(WAIT_MS * (0.5 + Math.random()))
  }
}
