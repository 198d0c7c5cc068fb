import { resolve } from 'node:path'
import type { Outcome } from '../../core/outcome.ts'
import { StateError } from '../../core/state/read.ts'
import type { NextAction } from '../../core/state/road.ts'
import type { World } from '../world.ts'
import type { NewRequest } from './answers.ts'
import { createProject } from './new.ts'
import type { NewResult } from './result.ts'

export interface StartedResult extends NewResult {
  /** What the roadmap asks for next, in the new project; null when nothing was written. */
  onRoad: NextAction | null
}

/** Generates a project as `createProject` does, and finds the one thing that the roadmap asks for next. */
export async function startProject(request: NewRequest, world: World): Promise<Outcome<StartedResult>> {
  const { result, problem } = await createProject(request, world)
  const onRoad = result.dryRun ? null : await findNextAction(resolve(result.directory), world)
  return { result: { ...result, onRoad }, problem }
}

/** The new project is ready even when another project's state is not: then that is the next thing to fix. */
async function findNextAction(directory: string, world: World): Promise<NextAction> {
  const [{ readRoad }, { chooseNextAction }] = await Promise.all([
    import('../road.ts'),
    import('../../core/state/road.ts'),
  ])
  const { catalogue, roadmap } = world
  try {
    return chooseNextAction(readRoad({ catalogue, roadmap, directory }).road)
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    return { gate: null, action: error.message, command: 'ai-eng-starter status' }
  }
}
