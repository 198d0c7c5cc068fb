import { UsageError } from '../core/errors.ts'
import { type Opening, openingOf } from '../core/roadmap/opening.ts'
import { nearest, visible } from '../core/text.ts'
import { roadStatus, type ShownStep } from './status.ts'
import type { World } from './world.ts'

export interface RoadmapResult {
  /** The roadmap folder. Absolute. */
  directory: string
  current: string | null
  milestones: (Opening & { steps: (ShownStep & { summary: string; evenings: number })[] })[]
}

/** The whole road, or one milestone of it, with where the learner stands. Throws a UsageError for a milestone that is not there. */
export function wholeRoad(milestone: string | undefined, world: World): RoadmapResult {
  const { roadmap } = world
  const ids = roadmap.milestones.map(({ id }) => id)
  if (milestone !== undefined && !ids.includes(milestone)) throw unknownMilestone(milestone, ids)
  const { directory, current, milestones } = roadStatus(world)
  const shown = milestones.flatMap(({ id, steps }) => {
    const opening = openingOf(id, roadmap)
    if (!opening || (milestone !== undefined && id !== milestone)) return []
    return [{ ...opening, steps: steps.map((step) => ({ ...step, ...aboutStep(step.id, world) })) }]
  })
  return { directory, current, milestones: shown }
}

function aboutStep(id: string, { roadmap }: World): { summary: string; evenings: number } {
  const step = roadmap.steps.find((one) => one.id === id)
  if (!step) throw new Error(`${id} is no step`)
  return { summary: step.summary, evenings: step.evenings }
}

function unknownMilestone(name: string, ids: readonly string[]): UsageError {
  const guess = nearest(name, ids)
  return new UsageError(
    `Unknown milestone "${visible(name.slice(0, 80))}"`,
    `${guess ? `Did you mean ${guess}? ` : ''}Known: ${ids.join(', ')}`,
  )
}
