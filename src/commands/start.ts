import { UsageError } from '../core/errors.ts'
import { findOpening, type Opening } from '../core/roadmap/opening.ts'
import { chooseNextAction, type NextAction } from '../core/state/road.ts'
import { escapeInvisible, findNearest } from '../core/text.ts'
import { SETTINGS_FILE } from '../io/state/folder.ts'
import { updateSettings } from '../io/state/write.ts'
import { deriveStanding, readRoad } from './road.ts'
import type { World } from './world.ts'

export interface StartResult {
  milestone: string
  opening: Opening
  file: string
  directory: string
  next: NextAction
}

/**
 * Starts the roadmap at a milestone: earlier milestones neither count nor come up. Throws a UsageError for an
 * unknown one.
 */
export async function startAt(milestone: string, world: World): Promise<StartResult> {
  const opening = findOpening(milestone, world.roadmap)
  if (!opening) throw rejectMilestone(milestone, world)
  const { folder } = readRoad(world)
  const settings = await updateSettings(folder.directory, (current) => ({ ...current, start: milestone }))
  const { road } = deriveStanding({ ...folder, settings }, world)
  return {
    milestone,
    opening,
    file: SETTINGS_FILE,
    directory: folder.directory,
    next: chooseNextAction(road),
  }
}

function rejectMilestone(name: string, { roadmap }: World): UsageError {
  const known = roadmap.milestones.map(({ id }) => id)
  const guess = findNearest(name, known)
  return new UsageError(
    `Unknown milestone "${escapeInvisible(name.slice(0, 80))}"`,
    `${guess ? `Did you mean ${guess}? ` : ''}Known: ${known.join(', ')}`,
  )
}
