import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isRunning } from '../../templates/_shared/console/files/kit/console/is-running.ts'
import type { PlannedFile } from '../core/plan.ts'
import { explainWrite } from './explain.ts'
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
  const firstCreated = makeParents(parent)
  const staging = join(
    parent,
    `.${basename(directory)}.staging-${process.pid}-${process.hrtime.bigint().toString(36)}`,
  )
  try {
    removeStale(parent, basename(directory))
    await writeTree(staging, files, signal)
    renameSync(staging, directory)
  } catch (error) {
    rmSync(staging, { recursive: true, force: true })
    if (firstCreated) removeEmpty(firstCreated, parent)
    throw explainWrite(error, directory)
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
 * A killed run leaves its staging directory; the process id in its name shows whether its owner is still
 * alive.
 */
function removeStale(parent: string, name: string): void {
  const prefix = `.${name}.staging-`
  for (const entry of readdirSync(parent)) {
    const owner = entry.startsWith(prefix) ? Number.parseInt(entry.slice(prefix.length), 10) : Number.NaN
    if (Number.isInteger(owner) && owner !== process.pid && !isRunning(owner))
      rmSync(join(parent, entry), { recursive: true })
  }
}
