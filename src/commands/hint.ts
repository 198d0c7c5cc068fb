import { UsageError } from '../core/errors.ts'
import { findAdvice } from '../core/roadmap/advice.ts'
import { type FoundGate, findGate } from '../core/roadmap/find-gates.ts'
import { type GateStatus, isMet } from '../core/state/progress.ts'
import type { Road } from '../core/state/road.ts'
import { readRoad } from './road.ts'
import type { World } from './world.ts'

export interface HintResult {
  step: string
  gate: string
  title: string
  why: string
  status: GateStatus
  code: string | null
  found: string
  /** What to do about the last failure. */
  advice: string | null
  do: string
  /** Hints up to the requested level, from a nudge to a worked example. */
  hints: string[]
  level: number
  levels: number
}

/**
 * Returns what the last check of a gate found, and its hints up to the requested level. Throws a UsageError
 * for an unknown gate.
 */
export function hintOn(
  { gate: name, level }: { gate: string | undefined; level: number },
  world: World,
): HintResult {
  const { road } = readRoad(world)
  const { at, gate } = name === undefined ? findOpenGate(road) : findGate(name, road)
  const state = at.gates.find((one) => one.gate.id === gate.id)
  if (!state) throw new Error(`${gate.id} has no state`)
  const levels = gate.hints.length
  const { status, code, found } = state
  return {
    step: at.step.id,
    gate: gate.id,
    title: gate.title,
    why: gate.why,
    status,
    code,
    found,
    advice: findAdvice(gate, code, world.roadmap),
    do: gate.do,
    hints: gate.hints.slice(0, level),
    level: Math.min(level, levels),
    levels,
  }
}

function findOpenGate({ current }: Road): FoundGate {
  const open = current?.gates.find(
    (state) => state.gate.required && !isMet(state) && state.status !== 'blocked',
  )
  if (current && open) return { at: current, gate: open.gate }
  throw new UsageError(
    'No gate is open here',
    'Name a gate: ai-eng-starter hint GATE. To list gates: ai-eng-starter status',
  )
}
