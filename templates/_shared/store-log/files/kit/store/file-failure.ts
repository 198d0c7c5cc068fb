import { StoreError } from '#kit/store/store'

/** Hints by system error code. */
const HINTS: Record<string, string> = {
  EACCES: 'Make the directory writable, or choose another.',
  EEXIST: 'There is a file where the directory should be: choose another directory.',
  ENOSPC: 'The disk is full. What was committed is whole; the same command goes on from there.',
  ENOTDIR: 'There is a file where a directory should be: choose another directory.',
  EROFS: 'The disk is read-only: choose another directory.',
}

/** Converts any file system error to a StoreError: one line about what is wrong, one about what to do. */
export function toFileError(error: unknown, shown: string): StoreError {
  if (error instanceof StoreError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ')
  const hint = HINTS[code] ?? 'Try again; if it stays, choose another directory with --index.'
  return new StoreError(`The index in ${shown}: ${reason}`, hint, { cause: error })
}
