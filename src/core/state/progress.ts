import { type Gate, isUntracked } from '../gates/kinds.ts'
import type { Step } from '../roadmap/schema.ts'
import type { Evidence, LastChecks, Settings } from './files.ts'

export type GateStatus = 'passed' | 'stale' | 'failing' | 'unknown' | 'blocked' | 'waived' | 'attested'

export interface GateState {
  gate: Gate
  status: GateStatus
  code: string | null
  /** The latest finding: from the evidence while it counts, else from the last check. */
  found: string
  wanted: string
  /** When it was found; null when the gate was never checked. */
  at: string | null
  evidence: Evidence | null
  /** Gates that have to pass first. */
  waitsFor: string[]
  reason: string | null
}

/** What is known about the folder in which a step's gates are checked. */
export interface Known {
  evidence: readonly Evidence[]
  last: LastChecks
  /** Present hash of a gate's inputs. */
  inputsOf(gate: Gate): string
}

const MET: readonly GateStatus[] = ['passed', 'waived', 'attested']

/** Derives the status of every gate of a step, in order. Statuses are never stored. */
export function deriveStep(step: Step, known: Known, { waivers }: Settings): GateState[] {
  const states: GateState[] = []
  for (const gate of step.gates) {
    const waiver = waivers.find((one) => listNamesEver(step, gate).includes(one.gate))
    const state = waiver ? markWaived(gate, waiver) : derive(gate, known)
    const waitsFor = gate.dependsOn.filter((id) => !isMet(states.find((other) => other.gate.id === id)))
    const blocked = waitsFor.length > 0 && !waiver
    states.push(
      blocked ? { ...state, status: 'blocked', waitsFor, found: `blocked by ${waitsFor.join(', ')}` } : state,
    )
  }
  return states
}

export function isMet(state: GateState | undefined): boolean {
  return state !== undefined && MET.includes(state.status)
}

/** Whether the gate passed with a server on the learner's own machine. */
export function isByStandIn({ gate, evidence }: GateState): boolean {
  return gate.cost === 'network' && evidence?.env.loopback === true
}

/** `summariser/ci-green`, under every name that the step and the gate have had. */
export function listNamesEver(step: Step, gate: Gate): string[] {
  return [step.id, ...step.aliases].flatMap((stepId) =>
    listIdsEver(gate).map((gateId) => `${stepId}/${gateId}`),
  )
}

export function listIdsEver(gate: Gate): string[] {
  return [gate.id, ...gate.aliases]
}

function markWaived(gate: Gate, { reason, at }: { reason: string; at: string }): GateState {
  return { ...startState(gate), status: 'waived', found: `skipped: ${reason}`, at, reason }
}

function startState(gate: Gate): GateState {
  return {
    gate,
    status: 'unknown',
    code: 'not-checked',
    found: 'not checked yet',
    wanted: gate.title,
    at: null,
    evidence: null,
    waitsFor: [],
    reason: null,
  }
}

function findNewest(gate: Gate, evidence: readonly Evidence[]): Evidence | undefined {
  const records = evidence
    .filter((one) => listIdsEver(gate).includes(one.gate))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
  return records.at(-1)
}

/**
 * The record that still counts although a check failed with `code`; undefined when the failure counts. What
 * git ignores, such as the report of another run, does not undo a pass with the same files.
 */
export function findStanding(
  gate: Gate,
  code: string | null,
  { evidence, inputsOf }: Pick<Known, 'evidence' | 'inputsOf'>,
): Evidence | undefined {
  if (!isUntracked(gate.kind, code) || gate.inputs.length === 0) return undefined
  const newest = findNewest(gate, evidence)
  const isProof = newest?.result === 'passed' && newest.gateHash === gate.hash
  return isProof && newest.inputs === inputsOf(gate) ? newest : undefined
}

function derive(gate: Gate, known: Known): GateState {
  const { evidence, last, inputsOf } = known
  const newest = findNewest(gate, evidence)
  const check = last[gate.id]
  const forgotten = newest?.result === 'reset'
  if (check && check.gateHash === gate.hash && check.result !== 'passed' && check.at > (newest?.at ?? '')) {
    const { code, found, wanted, at } = check
    // Failing to check a gate changes nothing about its earlier result.
    if (check.result === 'failing' && !findStanding(gate, code, known))
      return { ...startState(gate), status: 'failing', code, found, wanted, at }
    if (!newest || forgotten) return { ...startState(gate), code, found, wanted, at }
  }
  if (!newest || forgotten) return startState(gate)
  const state = { ...startState(gate), code: null, found: newest.found, at: newest.at, evidence: newest }
  if (newest.gateHash !== gate.hash) return { ...state, status: 'stale', reason: 'the gate has changed' }
  if (newest.result === 'attested') return { ...state, status: 'attested' }
  if (newest.inputs !== inputsOf(gate)) return { ...state, status: 'stale', reason: 'its files have changed' }
  return { ...state, status: 'passed' }
}

export interface Counts {
  met: number
  required: number
  waived: number
}

/** Counts required gates. Waived gates are in neither `met` nor `required`. */
export function countGates(gates: readonly GateState[]): Counts {
  const required = gates.filter(({ gate }) => gate.required)
  const counted = required.filter(({ status }) => status !== 'waived')
  return {
    met: counted.filter((state) => isMet(state)).length,
    required: counted.length,
    waived: required.length - counted.length,
  }
}

export function isComplete(gates: readonly GateState[]): boolean {
  return gates.every((state) => !state.gate.required || isMet(state))
}
