import { resolve } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { type Outcome, toProblem } from '../../core/outcome.ts'
import { StateError } from '../../core/state/read.ts'
import type { NextAction } from '../../core/state/road.ts'
import type { BuildResult } from '../build/build.ts'
import type { World } from '../world.ts'
import type { NewRequest } from './answers.ts'
import { createProject } from './new.ts'
import type { NewResult } from './result.ts'

export interface StartedResult extends NewResult {
  /** What the roadmap asks for next, in the new project; null when nothing was written. */
  onRoad: NextAction | null
  /** The first exercise, begun; null when the learner starts with the finished repo. */
  begun: BuildResult | null
}

/** Generates a project as `createProject` does, and finds the one thing that the roadmap asks for next. */
export async function startProject(request: NewRequest, world: World): Promise<Outcome<StartedResult>> {
  const { result, problem } = await createProject(request, world)
  const directory = resolve(result.directory)
  const onRoad = result.dryRun ? null : await findNextAction(directory, world)
  const started = { ...result, onRoad, begun: null }
  if (problem || result.dryRun || !result.build) return { result: started, problem }
  if (result.install !== 'done' || result.git.status !== 'committed')
    return { result: addBuild(started), problem }
  return beginBuilding(started, { ...world, directory })
}

/** An exercise runs tests, from a commit: without both, the learner begins it. */
function addBuild(started: StartedResult): StartedResult {
  const commit = started.git.status === 'committed' ? [] : ['git init && git add -A && git commit -m "Start"']
  return { ...started, next: [...started.next.slice(0, 2), ...commit, 'ai-eng-starter build'] }
}

/** Begins the first exercise. The project is ready even when that fails. */
async function beginBuilding(started: StartedResult, world: World): Promise<Outcome<StartedResult>> {
  const [{ buildExercise }, { readExercises }] = await Promise.all([
    import('../build/build.ts'),
    import('../../core/exercises/baked.ts'),
  ])
  const exercise = readExercises(world.packOf(started.template))[0]?.id
  const request = { exercise, hint: undefined, compare: false, giveUp: false, yes: false }
  try {
    const { result, problem } = await buildExercise(request, world)
    return { result: { ...started, begun: result }, problem }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const hint = `The project is complete. To begin there: ai-eng-starter build. First: ${error.hint ?? ''}`
    return { result: started, problem: { ...toProblem(error), hint } }
  }
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
