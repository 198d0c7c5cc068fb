import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { PlannedFile } from '../core/plan.ts'

/** Never follows or replaces existing files. */
const NEW_FILE = { flag: 'wx' } as const
/** Number of files written before signals are handled. */
const PER_TURN = 8

/**
 * Writes planned files below `root`, which must not contain them yet. Uses synchronous calls, because a few
 * dozen small files take a quarter of the time that way. Modes do not depend on the umask, so that two
 * machines generate the same tree.
 */
export async function writeTree(
  root: string,
  files: readonly PlannedFile[],
  signal: AbortSignal,
): Promise<void> {
  const ownMask = process.umask(0o022)
  try {
    for (const directory of listDirectories(files)) mkdirSync(join(root, directory), { recursive: true })
    for (const [index, { path, content }] of files.entries()) {
      if (index % PER_TURN === 0) await turn(signal)
      writeFileSync(`${root}/${path}`, content, NEW_FILE)
    }
    await turn(signal)
  } finally {
    process.umask(ownMask)
  }
}

/** Lets pending signals arrive, then throws if one did. */
async function turn(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal.throwIfAborted()
}

/** The root and every directory above a file, parents first. */
function listDirectories(files: readonly PlannedFile[]): string[] {
  const found = new Set<string>(['.'])
  for (const { path } of files) {
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) found.add(parent)
  }
  return [...found].sort()
}
