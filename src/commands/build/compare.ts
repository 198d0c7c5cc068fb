import { UserError } from '../../core/errors.ts'
import { type BuildRecord, pickRecords } from '../../core/exercises/records.ts'
import type { Exercise } from '../../core/exercises/schema.ts'
import { diffTexts, readCommitted } from '../../io/build/git-files.ts'
import { readBuildRecords } from '../../io/build/records.ts'
import { NAMELESS, replanFiles } from '../replan.ts'
import type { World } from '../world.ts'
import type { Workshop } from './workshop.ts'

export interface BuildComparison {
  record: BuildRecord
  files: { file: string; diff: string }[]
}

/**
 * Compares the learner's version with the template's. Throws a UserError before the exercise is built or
 * given up, so that it cannot spoil it.
 */
export async function compareExercise(
  exercise: Exercise,
  { project, options }: Workshop,
  world: World,
): Promise<BuildComparison> {
  const record = pickRecords(readBuildRecords(project.directory)).get(exercise.id)
  if (!record)
    throw new UserError(
      `${exercise.id} is not built yet, and the comparison would give it away`,
      `Build it: ai-eng-starter build ${exercise.id}. To see the template's code, add --give-up`,
    )
  const planned = replanFiles(project.file, NAMELESS, world)
  const files: BuildComparison['files'] = []
  for (const { file } of exercise.takes) {
    const template = planned.find(({ path }) => path === file)?.content.toString('utf8') ?? ''
    const yours = (await readCommitted(record.commit, file, options)) ?? ''
    files.push({ file, diff: await diffTexts({ yours, template }, options) })
  }
  return { record, files }
}
