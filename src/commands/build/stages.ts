import type { Exercise } from '../../core/exercises/schema.ts'
import type { RedTest } from '../../core/exercises/test-report.ts'
import { readNewestScore, runNpmScript, runTests } from '../../io/build/run-stage.ts'
import type { World } from '../world.ts'
import type { Workshop } from './workshop.ts'

/** How far an exercise is: what is red first, or that all is green. */
export type BuildProgress =
  | { stage: 'steps' | 'tests'; passed: number; total: number; red: RedTest }
  | { stage: 'typecheck' | 'eval'; script: string; lines: string }
  | { stage: 'green'; tests: number; score: { passed: number; total: number } | null }

/**
 * Runs the exercise's own tests; once they pass, the type check, all tests and the eval. Stops at the first
 * failure. Throws a UserError when dependencies are not installed.
 */
export async function runStages(
  exercise: Exercise,
  workshop: Workshop,
  world: World,
): Promise<BuildProgress> {
  const { options } = workshop
  world.tell({ kind: 'testing', what: exercise.test })
  const steps = await runTests([exercise.test], options)
  const { passed, total } = steps
  if (steps.red) return { stage: 'steps', passed, total, red: steps.red }
  world.tell({ kind: 'testing', what: 'npm run typecheck' })
  const types = await runNpmScript('typecheck', options)
  if (!types.ok) return { stage: 'typecheck', script: 'typecheck', lines: types.lines }
  world.tell({ kind: 'testing', what: 'npm test' })
  const all = await runTests([], options)
  if (all.red) return { stage: 'tests', passed: all.passed, total: all.total, red: all.red }
  if (exercise.eval === undefined) return { stage: 'green', tests: all.total, score: null }
  return runEval(exercise.eval, all.total, workshop, world)
}

async function runEval(
  script: string,
  tests: number,
  { options }: Workshop,
  world: World,
): Promise<BuildProgress> {
  const since = world.now()
  world.tell({ kind: 'testing', what: `npm run ${script}` })
  const { ok, lines } = await runNpmScript(script, options)
  if (!ok) return { stage: 'eval', script, lines }
  return { stage: 'green', tests, score: readNewestScore(options.directory, since) }
}
