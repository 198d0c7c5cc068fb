import type { Road } from './road.ts'

export interface Pace {
  /** Different evenings with a commit or a record of evidence. */
  evenings: number
  /** About how many the road takes from where it was begun, as its steps say. */
  planned: number
  /** The last of them, as 2026-11-28; null before the first. */
  last: string | null
}

const HOUR_MS = 3_600_000
/** Work past midnight belongs to the evening before. */
const NIGHT_MS = 4 * HOUR_MS

/** The evening that a moment belongs to, as 2026-11-28, where it was `offsetMinutes` ahead of UTC. */
export function toEvening(epochMs: number, offsetMinutes: number): string {
  return new Date(epochMs + offsetMinutes * 60_000 - NIGHT_MS).toISOString().slice(0, 10)
}

/** Evenings instead of days: nobody is behind for having had a holiday. */
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
