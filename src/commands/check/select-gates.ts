import { EXIT, UserError } from '../../core/errors.ts'
import type { Gate } from '../../core/gates/kinds.ts'
import { addDependencies, type FoundGate } from '../../core/roadmap/find-gates.ts'
import { isMet } from '../../core/state/progress.ts'
import type { Road, StepState } from '../../core/state/road.ts'

/** Which gates a check is about. */
export interface Selection {
  /** Those of every step that is begun. */
  all: boolean
  /** Only those that are not met, or whose files have changed since they were. */
  changed: boolean
  /** False in CI. */
  record: boolean
}

export interface Selected {
  at: StepState
  gates: Gate[]
}

/** Of each step the gates that are meant, with those that they depend on. */
export function selectGates(request: Selection, named: readonly FoundGate[], road: Road): Selected[] {
  const meant = findMeant(request, named, road)
  return meant.flatMap(({ at, gates: all }) => {
    const gates = all.filter((gate) => isWanted(gate, at, request, named))
    return gates.length > 0 ? [{ at, gates }] : []
  })
}

function isWanted(gate: Gate, at: StepState, request: Selection, named: readonly FoundGate[]): boolean {
  const state = at.gates.find((one) => one.gate === gate)
  if (request.changed && isMet(state)) return false
  return request.record || gate.kind !== 'ci' || named.some((one) => one.gate === gate)
}

/** A run of CI cannot wait for itself to be green. */
export function describeLeftOut(request: Selection, named: readonly FoundGate[], road: Road): string[] {
  const gates = findMeant(request, named, road).flatMap((one) => one.gates)
  const own = gates.filter((gate) => gate.kind === 'ci' && !named.some((one) => one.gate === gate))
  return own.map(({ id }) => `${id} is not looked at from inside CI`)
}

function findMeant({ all }: Selection, named: readonly FoundGate[], { steps, current }: Road): Selected[] {
  if (named.length > 0)
    return steps.flatMap((at) => {
      const wanted = named
        .filter((one) => one.at === at)
        .flatMap(({ gate }) => addDependencies(gate, at.step.gates))
      const gates = at.step.gates.filter((gate) => wanted.includes(gate))
      return gates.length > 0 ? [{ at, gates }] : []
    })
  const begun = steps.filter((step) => step.begun)
  // Without a current step every one is done, and nothing is looked at again unless somebody asks for all.
  const meant = all ? begun : current ? [current] : []
  if (meant.length === 0 && begun.length === 0)
    throw new UserError('There is no project here', 'Start one: ai-eng-starter new', { exitCode: EXIT.unmet })
  return meant.map((at) => ({ at, gates: at.step.gates }))
}
