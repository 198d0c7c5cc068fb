import { spawnSync } from 'node:child_process'
import { join, relative } from 'node:path'
import { quoteShellCommand } from '../../../templates/_shared/console/files/kit/console/shell.ts'

/** A state file, and where somebody is who is told about it. */
export interface Place {
  /** Where the file belongs. Absolute. */
  directory: string
  /** The file in it. */
  path: string
  /** Where the command was started. Absolute. */
  from: string
}

/** The file as somebody at `from` would name it. */
export function shortenFrom({ directory, path, from }: Place): string {
  return relative(from, join(directory, path))
}

/** What to do about a state file that cannot be read: git's copy where it has one that is another, else what `otherwise` says. */
export function describeRestore(place: Place, text: string, otherwise: string): string {
  const { directory, path, from } = place
  if (!hasEarlier(directory, path, text)) return `Mend it by hand, or ${otherwise}`
  const where = relative(from, directory)
  const command = ['git', ...(where === '' ? [] : ['-C', where]), 'checkout', 'HEAD', '--', path]
  return `Mend it by hand, or take the one that was committed: ${quoteShellCommand(command)}`
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
