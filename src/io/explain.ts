import { UserError } from '../core/errors.ts'

const CAUSES: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'your disk quota is used up',
  EMFILE: 'too many open files',
  EIO: 'the disk reported an input/output error',
  ENOTEMPTY: 'it is not empty any more: another process wrote there',
  EEXIST: 'it exists now: another process wrote there',
  ENOTDIR: 'something that is not a directory is in the way',
  EXDEV: 'the directory is a mount point of another file system',
  ENAMETOOLONG: 'the path is too long',
}

/** Turns a failing system call into one line; anything else, such as a cancel, passes through. */
export function explained(error: unknown, directory: string): unknown {
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : ''
  if (!/^E[A-Z]+$/.test(code) && !/^Unknown system error/.test(String(error))) return error
  const cause = CAUSES[code] ?? String((error as Error).message)
  return new UserError(
    `Could not write ${directory}: ${cause}`,
    'Nothing was left behind. Mend that, or choose another directory',
  )
}
