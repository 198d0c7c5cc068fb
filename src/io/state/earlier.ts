import { spawnSync } from 'node:child_process'
import { join, relative } from 'node:path'
import { quoteShellCommand } from '../../../templates/_shared/console/files/kit/console/shell.ts'

/** A state file, and the directory relative to which messages name it. */
export interface StateFilePlace {
  /** The directory that contains the file. Absolute. */
  directory: string
  /** The file in it. */
  path: string
  /** The directory that the command was started in. Absolute. */
  from: string
}

/** The file's path as seen from `from`. */
export function shortenFrom({ directory, path, from }: StateFilePlace): string {
  return relative(from, join(directory, path))
}

/**
 * What to do about an unreadable state file: restore git's copy where it differs, else what `otherwise` says.
 */
export function describeRestore(place: StateFilePlace, text: string, otherwise: string): string {
  const { directory, path, from } = place
  if (!hasEarlier(directory, path, text)) return `Fix it by hand, or ${otherwise}`
  const where = relative(from, directory)
  const command = ['git', ...(where === '' ? [] : ['-C', where]), 'checkout', 'HEAD', '--', path]
  return `Fix it by hand, or restore the committed version: ${quoteShellCommand(command)}`
}

function hasEarlier(directory: string, path: string, text: string): boolean {
  const { status, stdout } = spawnSync('git', ['show', `HEAD:./${path}`], {
    cwd: directory,
    encoding: 'utf8',
  })
  return status === 0 && stdout !== text && isJson(stdout)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
