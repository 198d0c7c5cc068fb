import { constants } from 'node:os'
import { UserError } from '../core/errors.ts'

const CAUSES: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'your disk quota is used up',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files on this machine',
  EIO: 'the disk reported an input/output error',
  ENOTEMPTY: 'it is no longer empty: another process wrote to it',
  EEXIST: 'it exists now: another process created it',
  ENOTDIR: 'something that is not a directory is in the way',
  EXDEV: 'the directory is a mount point of another file system',
  ENAMETOOLONG: 'the path is too long',
}

const ELSEWHERE = 'Nothing was left behind. Fix the cause, or choose another directory'
const ROOM = 'Free some space there, then run it again'
const RIGHTS = 'Give yourself read and write permission, then run it again'

/**
 * Turns a failed system call into a one-line UserError; returns other errors, such as a cancel, unchanged.
 */
export function explainWrite(error: unknown, directory: string, hint = ELSEWHERE): unknown {
  const code = readCode(error)
  if (!/^E[A-Z0-9]+$/.test(code)) return error
  const cause = CAUSES[code] ?? String((error as Error).message)
  return new UserError(`Could not write ${directory}: ${cause}`, hint)
}

/** The same for a file whose path is fixed, so that another directory does not help. */
export function explainWriteInPlace(error: unknown, path: string): unknown {
  return explainWrite(error, path, chooseHint(readCode(error)))
}

const NOT_OURS = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENAMETOOLONG']

/** At the outermost boundary: a refusal by the machine is not a bug of ours, wherever it happened. */
export function explainThrown(error: unknown): unknown {
  const { syscall, path } = (error ?? {}) as NodeJS.ErrnoException
  if (syscall === 'uv_cwd')
    return new UserError(
      'The current directory no longer exists',
      'cd to another directory, then run it again',
    )
  const code = readCode(error)
  if (syscall === undefined || !NOT_OURS.includes(code)) return error
  return new UserError(`${path ?? syscall} cannot be used: ${CAUSES[code]}`, chooseHint(code))
}

function chooseHint(code: string): string {
  return code === 'ENOSPC' || code === 'EDQUOT' ? ROOM : RIGHTS
}

/** Node has no name for some errors of the system, such as a full quota; their number has one. */
function readCode(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const { code = '', errno, syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined || errno === undefined) return code
  const [name] = Object.entries(constants.errno).find(([, number]) => number === -errno) ?? []
  if (/^E[A-Z0-9]+$/.test(code)) return code
  return name ?? (code === 'UNKNOWN' || /^Unknown system error/.test(code) ? 'EIO' : code)
}
