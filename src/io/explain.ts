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

const ELSEWHERE = 'Nothing was left behind. Mend that, or choose another directory'
const ROOM = 'Make room there, then run it again'
const RIGHTS = 'Make it yours to read and write, then run it again'

/** Turns a failing system call into one line; anything else, such as a cancel, passes through. */
export function explainWrite(error: unknown, directory: string, hint = ELSEWHERE): unknown {
  const code = readCode(error)
  if (!/^E[A-Z]+$/.test(code) && !/^Unknown system error/.test(String(error))) return error
  const cause = CAUSES[code] ?? String((error as Error).message)
  return new UserError(`Could not write ${directory}: ${cause}`, hint)
}

/** The same for a file that has its place, where another directory is no way out. */
export function explainWriteInPlace(error: unknown, path: string): unknown {
  return explainWrite(error, path, chooseHint(readCode(error)))
}

const NOT_OURS = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT']

/** At the outermost boundary: what the machine refuses is no bug of ours, wherever it was refused. */
export function explainThrown(error: unknown): unknown {
  const { syscall, path } = (error ?? {}) as NodeJS.ErrnoException
  if (syscall === 'uv_cwd')
    return new UserError(
      'The directory that you are in is gone',
      'cd to one that is there, then run it again',
    )
  const code = readCode(error)
  if (syscall === undefined || path === undefined || !NOT_OURS.includes(code)) return error
  return new UserError(`${path} cannot be used: ${CAUSES[code]}`, chooseHint(code))
}

function chooseHint(code: string): string {
  return code === 'ENOSPC' || code === 'EDQUOT' ? ROOM : RIGHTS
}

function readCode(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : ''
}
