import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseProject } from '../core/state/files.ts'
import { StateError } from '../core/state/read.ts'
import { listProjects, PROJECT_FILE } from './state/folder.ts'

export interface Neighbour {
  /** The name of its directory. */
  name: string
  template: string
}

/** The generated repos next to a directory, which need not exist, sorted by name. */
export function listNeighbours(directory: string): Neighbour[] {
  const parent = dirname(directory)
  if (!existsSync(parent)) return []
  return listProjects(parent)
    .filter((name) => join(parent, name) !== directory)
    .flatMap((name) => readNeighbour(parent, name) ?? [])
}

/** A neighbour whose state is unreadable is not the concern of a new repo; `status` reports it. */
function readNeighbour(parent: string, name: string): Neighbour | undefined {
  const path = join(parent, name, PROJECT_FILE)
  try {
    return { name, template: parseProject(readFileSync(path, 'utf8'), { path }).template }
  } catch (error) {
    if (error instanceof StateError) return undefined
    throw error
  }
}
