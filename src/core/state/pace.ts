import type { Road } from './road.ts'

export interface Pace {
  /** Number of different evenings with a commit or a record of evidence. */
  evenings: number
  /** About how many evenings the roadmap takes from the learner's start, by its steps' estimates. */
  planned: number
  /** The last evening, such as 2026-11-28; null before the first. */
  last: string | null
}

const HOUR_MS = 3_600_000
/** Work after midnight belongs to the previous evening. */
const NIGHT_MS = 4 * HOUR_MS

/** The evening that a moment belongs to, such as 2026-11-28, at `offsetMinutes` ahead of UTC. */
export function toEvening(epochMs: number, offsetMinutes: number): string {
  return new Date(epochMs + offsetMinutes * 60_000 - NIGHT_MS).toISOString().slice(0, 10)
}

/** Counts evenings, not days, so that a holiday leaves no learner behind. */
export function measurePace(evenings: readonly string[], { steps }: Road): Pace {
  const counted = steps.filter(
    ({ step, status }) => !step.optional && status !== 'before-start' && status !== 'skipped',
  )
  return {
    evenings: new Set(evenings).size,
    planned: counted.reduce((sum, { step }) => sum + step.evenings, 0),
    last: [...evenings].sort().at(-1) ?? null,
  }
}
