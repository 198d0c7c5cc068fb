import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { filesBelow } from './walk.ts'

const INTERVAL_MS = 700

/**
 * Resolves when a file of one of the directories has changed, reports of evals included, evidence not. Asks again and again instead of waiting for the system to tell,
 * which it does not on network drives, in containers and across WSL. Throws the reason of the signal.
 */
export async function untilChanged(
  directories: readonly string[],
  before: string,
  signal: AbortSignal,
): Promise<void> {
  while (fingerprintOf(directories) === before) {
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

/** Of sizes and times, not of contents. */
export function fingerprintOf(directories: readonly string[]): string {
  return directories
    .flatMap((directory) => [
      ...filesBelow(directory).map((path) => join(directory, path)),
      ...reportsIn(directory),
      join(directory, '../ai-eng.json'),
    ])
    .map(stamp)
    .join('\n')
}

function reportsIn(directory: string): string[] {
  const folder = join(directory, 'reports')
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}

/** A file may go between being listed and being looked at. */
function stamp(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats ? `${path} ${stats.size} ${stats.mtimeMs}` : path
}
