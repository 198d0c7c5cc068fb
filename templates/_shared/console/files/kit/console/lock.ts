import { InputError } from './errors.ts'
import { tryLock } from './owned-lock.ts'

/** The texts of the error that is thrown when another process holds the lock. */
export interface LockMessages {
  /** For example `This session is open in another chat`. */
  taken: string
  /** For example `Close it there, or choose another session`. */
  hint: string
}

/**
 * Takes a lock for the lifetime of this process and returns the function that releases it.
 * Takes over the lock of a process that has ended.
 * Throws `InputError` if another process holds the lock, or may hold it on another machine.
 */
export async function takeLock(path: string, { taken, hint }: LockMessages): Promise<() => Promise<void>> {
  const attempt = await tryLock(path)
  if (attempt.kind === 'held') return attempt.release
  throw new InputError(
    `${taken} (process ${attempt.pid || 'unknown'})`,
    `${hint}. If no such process is running, remove ${path}`,
  )
}
