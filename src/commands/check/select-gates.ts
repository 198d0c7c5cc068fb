import { EXIT, UserError } from '../../core/errors.ts'
import type { Gate } from '../../core/gates/kinds.ts'
import { addDependencies, type FoundGate } from '../../core/roadmap/find-gates.ts'
import { isMet } from '../../core/state/progress.ts'
import type { Road, StepState } from '../../core/state/road.ts'

/** Which gates to check. */
export interface Selection {
  /** Gates of every step that has begun. */
  all: boolean
  /** Only gates that do not pass, or whose files changed since they passed. */
  changed: boolean
  /** False in CI. */
  record: boolean
}

export interface Selected {
  at: StepState
  gates: Gate[]
}

/**
 * For each step, the selected gates and the gates that they depend on. Throws a UsageError for an unknown
 * gate, a UserError without a project.
 */
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

/**
 * Names gates that are not checked in CI: a CI run cannot wait for itself to succeed. Throws as `selectGates`
 * does.
 */
export function describeLeftOut(request: Selection, named: readonly FoundGate[], road: Road): string[] {
  const gates = findMeant(request, named, road).flatMap((one) => one.gates)
  const own = gates.filter((gate) => gate.kind === 'ci' && !named.some((one) => one.gate === gate))
  return own.map(({ id }) => `${id} is not checked inside CI`)
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
  // Without a current step all are done; they are checked again only with --all.
  const meant = all ? begun : current ? [current] : []
  if (meant.length === 0 && begun.length === 0)
    throw new UserError('No project has been started', 'Create one: ai-eng-starter new', {
      exitCode: EXIT.unmet,
    })
  return meant.map((at) => ({ at, gates: at.step.gates }))
}
