import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { PlannedFile } from '../core/plan.ts'
import { explainWrite } from './explain.ts'
import { isAbandoned, OWNER } from './owner.ts'
import { writeTree } from './write-tree.ts'

/**
 * Writes a project to a directory that does not exist or is empty: everything into a staging directory next
 * to it, then one rename. A kill at any point leaves the target unchanged or complete. Throws a UserError
 * when the disk refuses, the signal's reason when cancelled.
 */
export async function writeNew(
  directory: string,
  files: readonly PlannedFile[],
  signal: AbortSignal,
): Promise<void> {
  const parent = dirname(directory)
  const staging = join(
    parent,
    `.${basename(directory)}.staging-${OWNER}-${process.hrtime.bigint().toString(36)}`,
  )
  refuseLongPaths(staging, files)
  const firstCreated = makeParents(parent)
  try {
    removeStale(parent, basename(directory))
    await writeTree(staging, files, signal)
    renameSync(staging, directory)
  } catch (error) {
    throw explainWrite(error, directory, cleanUp(staging, firstCreated))
  }
}

/** Linux takes 4,096 bytes with the end mark; other systems take less and refuse for themselves. */
const LONGEST_PATH = 4095

/** Refused before anything is created: what cannot be named cannot be removed either. */
function refuseLongPaths(staging: string, files: readonly PlannedFile[]): void {
  const longest = Math.max(...files.map(({ path }) => Buffer.byteLength(join(staging, path))))
  if (longest > LONGEST_PATH)
    throw new UserError(
      `The path of the project is too long: its files would need ${longest} bytes, ${LONGEST_PATH} are possible`,
      'Choose a shorter path',
    )
}

/** Removes what was written. A disk that refuses this too is named in the hint that is returned. */
function cleanUp(staging: string, firstCreated: string | undefined): string | undefined {
  try {
    rmSync(staging, { recursive: true, force: true })
    if (firstCreated) removeEmpty(firstCreated, dirname(staging))
    return undefined
  } catch {
    return `Fix the cause. What was written could not be removed either; the next run removes it: ${staging}`
  }
}

/** Creates missing parents; returns the topmost one created, so that a failure can remove them again. */
function makeParents(parent: string): string | undefined {
  try {
    return mkdirSync(parent, { recursive: true })
  } catch (error) {
    throw explainWrite(error, parent)
  }
}

function removeEmpty(top: string, bottom: string): void {
  for (let path = bottom; path.length >= top.length; path = dirname(path)) {
    if (readdirSync(path).length > 0) return
    rmdirSync(path)
  }
}

/**
 * A killed run leaves its staging directory; its name says which process it belongs to.
 */
function removeStale(parent: string, name: string): void {
  const prefix = `.${name}.staging-`
  for (const entry of readdirSync(parent)) {
    const path = join(parent, entry)
    if (entry.startsWith(prefix) && isAbandoned(entry.slice(prefix.length), path))
      rmSync(path, { recursive: true, force: true })
  }
}
