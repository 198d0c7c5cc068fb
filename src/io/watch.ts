import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listFiles } from './walk.ts'

const INTERVAL_MS = 700

/**
 * Resolves when a file in one of the directories has changed, including eval reports, excluding evidence.
 * Polls instead of using file system events, which are missing on network drives, in containers and across
 * WSL. Throws the reason of the signal.
 */
export async function untilChanged(
  directories: readonly string[],
  before: string,
  signal: AbortSignal,
): Promise<void> {
  while (takeStamp(directories) === before) {
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

/** Stamps sizes and times, not contents. */
export function takeStamp(directories: readonly string[]): string {
  return directories
    .flatMap((directory) => [
      ...listFiles(directory).map((path) => join(directory, path)),
      ...listReports(directory),
      join(directory, '../ai-eng.json'),
    ])
    .map(readStamp)
    .join('\n')
}

function listReports(directory: string): string[] {
  const folder = join(directory, 'reports')
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}

/** A file may disappear between being listed and being read. */
function readStamp(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats ? `${path} ${stats.size} ${stats.mtimeMs}` : path
}
