import { InputError } from './errors.ts'
import { tryLock } from './owned-lock.ts'

/** The error when another process has the lock. */
export interface LockMessages {
  /** `This session is open in another chat` */
  taken: string
  /** `Close it there, or choose another session` */
  hint: string
}

/**
 * Takes a lock that lives as long as this process, and returns the function that releases it. Throws `InputError` when another process
 * has it, or may have it on another machine. The lock of a process that is gone is taken over.
 */
export async function takeLock(path: string, { taken, hint }: LockMessages): Promise<() => Promise<void>> {
  const attempt = await tryLock(path)
  if (attempt.kind === 'held') return attempt.release
  throw new InputError(
    `${taken} (process ${attempt.pid || 'unknown'})`,
    `${hint}. If no such process is running, remove ${path}`,
  )
}
