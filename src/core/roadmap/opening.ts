import type { Milestone, Roadmap } from './schema.ts'

/**
 * The opening screen of a milestone: what to learn deeply, what carries over from backend work, what to skip
 * for now.
 */
export type Opening = Pick<
  Milestone,
  'id' | 'title' | 'days' | 'summary' | 'learn' | 'carries' | 'skip' | 'question'
>

export function findOpening(milestone: string, { milestones }: Roadmap): Opening | null {
  const found = milestones.find(({ id }) => id === milestone)
  if (!found) return null
  const { steps: _, ...opening } = found
  return opening
}
