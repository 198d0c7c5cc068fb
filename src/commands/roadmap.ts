import { UsageError } from '../core/errors.ts'
import { findOpening, type Opening } from '../core/roadmap/opening.ts'
import { escapeInvisible, findNearest } from '../core/text.ts'
import { readStatus, type ShownStep } from './status.ts'
import type { World } from './world.ts'

export interface RoadmapResult {
  /** The roadmap folder. Absolute. */
  directory: string
  current: string | null
  milestones: (Opening & { steps: (ShownStep & { summary: string; evenings: number })[] })[]
}

/**
 * The whole roadmap, or one milestone, with the learner's progress. Throws a UsageError for an unknown
 * milestone, a StateError for unreadable state.
 */
export function describeRoad(milestone: string | undefined, world: World): RoadmapResult {
  const { roadmap } = world
  const ids = roadmap.milestones.map(({ id }) => id)
  if (milestone !== undefined && !ids.includes(milestone)) throw refuseMilestone(milestone, ids)
  const { directory, current, milestones } = readStatus(world)
  const shown = milestones.flatMap(({ id, steps }) => {
    const opening = findOpening(id, roadmap)
    if (!opening || (milestone !== undefined && id !== milestone)) return []
    return [{ ...opening, steps: steps.map((step) => ({ ...step, ...describeStep(step.id, world) })) }]
  })
  return { directory, current, milestones: shown }
}

function describeStep(id: string, { roadmap }: World): { summary: string; evenings: number } {
  const step = roadmap.steps.find((one) => one.id === id)
  if (!step) throw new Error(`there is no step ${id}`)
  return { summary: step.summary, evenings: step.evenings }
}

function refuseMilestone(name: string, ids: readonly string[]): UsageError {
  const guess = findNearest(name, ids)
  return new UsageError(
    `Unknown milestone "${escapeInvisible(name.slice(0, 80))}"`,
    `${guess ? `Did you mean ${guess}? ` : ''}Known: ${ids.join(', ')}`,
  )
}
