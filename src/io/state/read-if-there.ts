import { readFileSync, statSync } from 'node:fs'
import { StateError } from '../../core/state/read.ts'
import { escapeControls } from '../../core/text.ts'

/** A state file has a few kilobytes; one larger than this is not ours. */
const LARGEST = 1_000_000

/**
 * The text of a state file; undefined when there is none. `shown`: its path for messages. Throws a StateError
 * for what is not a file, such as a pipe that would never end, for one over 1 MB, and for one that cannot be
 * read.
 */
export function readIfThere(path: string, shown: string): string | undefined {
  try {
    const stats = statSync(path)
    if (!stats.isFile()) throw refuseStateFile(shown, 'is not a file')
    if (stats.size > LARGEST) throw refuseStateFile(shown, 'is larger than 1 MB')
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (error instanceof StateError) throw error
    throw new StateError(`${escapeControls(shown)} cannot be read (${code})`, 'Fix that, then try again')
  }
}

function refuseStateFile(shown: string, reason: string): StateError {
  return new StateError(`${escapeControls(shown)} ${reason}`, 'ai-eng-starter did not write it: move it away')
}
