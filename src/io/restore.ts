import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { PlannedFile } from '../core/plan.ts'
import { escapeControls } from '../core/text.ts'
import { hashSha256 } from './hash.ts'
import { replaceFile } from './state/atomic.ts'

/** Paths whose file is missing or differs from its original hash. */
export function findDiffering(directory: string, hashes: Record<string, string>): string[] {
  return Object.entries(hashes)
    .filter(([path, hash]) => {
      const file = join(directory, path)
      return (
        !existsSync(file) || !lstatSync(file).isFile() || `sha256-${hashSha256(readFileSync(file))}` !== hash
      )
    })
    .map(([path]) => path)
}

export function findMissing(directory: string, paths: readonly string[]): string[] {
  return paths.filter((path) => !existsSync(join(directory, path)))
}

/**
 * Replaces files atomically. Throws a UserError, before writing anything, when a symbolic link or a directory
 * has one of the paths.
 */
export async function restoreFiles(directory: string, files: readonly PlannedFile[]): Promise<void> {
  for (const { path } of files) refuseLink(directory, path)
  for (const { path, content } of files) await replaceFile(join(directory, path), content)
}

function refuseLink(directory: string, path: string): void {
  const file = join(directory, path)
  if (existsSync(file) && !lstatSync(file).isFile()) throw findObstacle(path)
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    const above = join(directory, parent)
    if (existsSync(above) && !lstatSync(above).isDirectory()) throw findObstacle(parent)
  }
}

function findObstacle(path: string): UserError {
  return new UserError(
    `${escapeControls(path)} is now a link or a directory; the template has a file there`,
    'Move it away, then try again',
  )
}
