import { findAdvice } from '../core/roadmap/advice.ts'
import type { Roadmap } from '../core/roadmap/schema.ts'
import { measurePace, type Pace } from '../core/state/pace.ts'
import { countGates, type GateState, type GateStatus, isByStandIn } from '../core/state/progress.ts'
import { chooseNextAction, type NextAction, type StepState } from '../core/state/road.ts'
import { listEvenings } from '../io/evenings.ts'
import { readRoad } from './road.ts'
import type { World } from './world.ts'

export interface StatusResult {
  /** The roadmap folder. Absolute. */
  directory: string
  current: string | null
  next: NextAction
  milestones: { id: string; title: string; days: string; summary: string; steps: ShownStep[] }[]
  pace: Pace
  /** Records that could not be read, which do not count. */
  warnings: string[]
}

export interface ShownStep {
  id: string
  title: string
  template: string | null
  /** The folder in the roadmap folder; null when there is none. */
  project: string | null
  status: StepState['status']
  optional: boolean
  /** Whether its project exists, or one of the variables that it needs is set. */
  begun: boolean
  /** Counts of required gates; waived ones are in neither `met` nor `required`. */
  met: number
  required: number
  waived: number
  gates: ShownGate[]
}

export interface ShownGate {
  id: string
  title: string
  why: string
  required: boolean
  status: GateStatus
  code: string | null
  found: string
  wanted: string
  advice: string | null
  /** What to do when it does not pass. */
  do: string
  at: string | null
}

/**
 * Derives the learner's progress from files only: runs nothing and sends no network requests. Throws a
 * StateError for unreadable state.
 */
export function readStatus(world: World): StatusResult {
  const { folder, road } = readRoad(world)
  return {
    directory: folder.directory,
    current: road.current?.step.id ?? null,
    next: chooseNextAction(road),
    milestones: world.roadmap.milestones.map(({ id, title, days, summary }) => ({
      id,
      title,
      days,
      summary,
      steps: road.steps
        .filter(({ milestone }) => milestone === id)
        .map((state) => showStep(state, world.roadmap)),
    })),
    pace: measurePace(listEvenings(folder), road),
    warnings: folder.warnings,
  }
}

export function showStep({ step, project, begun, status, gates }: StepState, roadmap: Roadmap): ShownStep {
  return {
    id: step.id,
    title: step.title,
    template: step.template ?? null,
    project,
    status,
    optional: step.optional,
    begun,
    ...countGates(gates),
    gates: gates.map((state) => showGate(state, roadmap)),
  }
}

/** The finding, with what makes it count for less. */
function describeFound(state: GateState): string {
  const { status, found, reason } = state
  if (status === 'stale' && reason !== null) return `${found}; since then ${reason}`
  return status === 'passed' && isByStandIn(state) ? `${found} (against a stand-in)` : found
}

function showGate(state: GateState, roadmap: Roadmap): ShownGate {
  const { gate, status, code, wanted, at } = state
  return {
    id: gate.id,
    title: gate.title,
    why: gate.why,
    required: gate.required,
    status,
    code,
    found: describeFound(state),
    wanted,
    advice: findAdvice(gate, code, roadmap),
    do: gate.do,
    at,
  }
}
