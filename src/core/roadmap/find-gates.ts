import { UsageError } from '../errors.ts'
import type { Gate } from '../gates/kinds.ts'
import { listIdsEver, listNamesEver } from '../state/progress.ts'
import type { Road, StepState } from '../state/road.ts'
import { escapeInvisible, findNearest } from '../text.ts'

export interface FoundGate {
  at: StepState
  gate: Gate
}

/**
 * Finds a gate by name: `own-cases` or, with its step, `extractor/own-cases`; earlier names work too. A bare
 * name means the gate of the current step, else of the first step that has a folder, else of the first step.
 * Throws a UsageError for an unknown gate.
 */
export function findGate(name: string, { steps, current }: Road): FoundGate {
  const inOrder = [
    ...(current ? [current] : []),
    ...steps.filter(({ project }) => project !== null),
    ...steps,
  ]
  for (const at of inOrder) {
    const gate = at.step.gates.find(
      (one) => listIdsEver(one).includes(name) || listNamesEver(at.step, one).includes(name),
    )
    if (gate) return { at, gate }
  }
  throw refuseGate(name, steps)
}

function refuseGate(name: string, steps: readonly StepState[]): UsageError {
  const known = steps.flatMap(({ step }) => step.gates.map(({ id }) => id))
  const guess = findNearest(name, [...new Set(known)])
  const hint = guess ? `Did you mean ${guess}? ` : ''
  return new UsageError(
    `Unknown gate "${escapeInvisible(name.slice(0, 80))}"`,
    `${hint}Run ai-eng-starter status to see the gates`,
  )
}

/** A gate and the gates of its step that it depends on, in the step's order. */
export function addDependencies(gate: Gate, gates: readonly Gate[]): Gate[] {
  const wanted = new Set([gate.id])
  for (const one of gates.toReversed()) if (wanted.has(one.id)) for (const id of one.dependsOn) wanted.add(id)
  return gates.filter(({ id }) => wanted.has(id))
}

/**
 * Finds the gates of a milestone (`m1`), of a step (`extractor`), or one gate. Throws a UsageError for an
 * unknown name.
 */
export function findGates(name: string, road: Road): FoundGate[] {
  const steps = road.steps.filter(
    ({ milestone, step }) => milestone === name || step.id === name || step.aliases.includes(name),
  )
  if (steps.length === 0) return [findGate(name, road)]
  return steps.flatMap((at) => at.step.gates.map((gate) => ({ at, gate })))
}
