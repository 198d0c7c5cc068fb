import { isMet } from './progress.ts'
import type { Road, StepState } from './road.ts'

/** What a learner can do since a step is done. */
export interface Ability {
  step: string
  title: string
  /** Ends the sentence "You can now". */
  can: string
}

/** Something that no step requires. */
export interface Offer {
  /** The gate or, for a step that has not begun, the first of its gates. */
  gate: string
  /** The step; for a gate of a step that is done, with the gate's name. */
  title: string
  summary: string
  /** The one command or action to take. */
  do: string
}

/** What the learner can do by the steps that are done, in the order of the roadmap. */
export function listAbilities({ steps }: Road): Ability[] {
  return steps
    .filter(({ status }) => status === 'done')
    .map(({ step: { id, title, can } }) => ({ step: id, title, can }))
}

/** The last step that is done and stands before another in the roadmap; null when there is none. */
export function findDoneBefore({ steps }: Road, at: StepState | null): Ability | null {
  const index = at === null ? -1 : steps.findIndex(({ step }) => step.id === at.step.id)
  const before = index === -1 ? steps : steps.slice(0, index)
  return listAbilities({ steps: before, current: null }).at(-1) ?? null
}

/** Optional steps that are open, then optional gates of steps that have begun, as far as they do not pass. */
export function listOffers({ steps }: Road): Offer[] {
  const open = steps.filter(({ step, status }) => step.optional && status === 'open')
  return [...open.flatMap(offerStep), ...steps.flatMap(offerGates)]
}

function offerStep({ step, gates }: StepState): Offer[] {
  const first = gates.find((state) => !isMet(state))
  if (!first) return []
  return [{ gate: first.gate.id, title: step.title, summary: step.summary, do: first.gate.do }]
}

function offerGates({ step, project, gates }: StepState): Offer[] {
  if (project === null || step.optional) return []
  return gates
    .filter((state) => !state.gate.required && !isMet(state) && !step.retired.includes(state.gate))
    .map(({ gate }) => ({
      gate: gate.id,
      title: `${gate.id} of ${step.title}`,
      summary: gate.title,
      do: gate.do,
    }))
}
