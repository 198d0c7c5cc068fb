import { UsageError } from '../core/errors.ts'
import { type Opening, openingOf } from '../core/roadmap/opening.ts'
import { type NextAction, nextAction } from '../core/state/road.ts'
import { nearest, visible } from '../core/text.ts'
import { SETTINGS_FILE } from '../io/state/folder.ts'
import { updateSettings } from '../io/state/write.ts'
import { type RoadWorld, readRoad } from './road.ts'

export interface StartResult {
  milestone: string
  opening: Opening
  file: string
  directory: string
  next: NextAction
}

/** Begins the road at a milestone: what is before it is not counted, and not asked for. */
export async function startAt(milestone: string, world: RoadWorld): Promise<StartResult> {
  const opening = openingOf(milestone, world.roadmap)
  if (!opening) throw unknownMilestone(milestone, world)
  const { folder } = readRoad(world)
  await updateSettings(folder.directory, (settings) => ({ ...settings, start: milestone }))
  const { road } = readRoad(world)
  return { milestone, opening, file: SETTINGS_FILE, directory: folder.directory, next: nextAction(road) }
}

function unknownMilestone(name: string, { roadmap }: RoadWorld): UsageError {
  const known = roadmap.milestones.map(({ id }) => id)
  const guess = nearest(name, known)
  return new UsageError(
    `Unknown milestone "${visible(name.slice(0, 80))}"`,
    `${guess ? `Did you mean ${guess}? ` : ''}Known: ${known.join(', ')}`,
  )
}
