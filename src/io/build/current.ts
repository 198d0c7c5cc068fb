import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The exercise whose branch is checked out in a project; undefined when there is none. Reads git's own file
 * instead of running git, because every command that shows progress needs it.
 */
export function readCurrentExercise(directory: string): string | undefined {
  const head = join(directory, '.git/HEAD')
  if (!existsSync(head)) return undefined
  return /^ref: refs\/heads\/build\/([a-z][a-z0-9-]*)\s*$/.exec(readFileSync(head, 'utf8'))?.[1]
}
