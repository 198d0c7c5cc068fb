import { EXIT, UsageError, UserError } from '../core/errors.ts'
import type { Finding } from '../core/gates/finding.ts'
import { type FoundGate, findGate } from '../core/roadmap/find-gates.ts'
import type { GateState } from '../core/state/progress.ts'
import { type NextAction, nextAction, type Road, type StepState } from '../core/state/road.ts'
import { type CheckedStep, type CheckLimits, type CheckWorld, checkStep } from './check-step.ts'
import { readRoad } from './road.ts'
import { leftOut, type Selected, type Selection, selectGates } from './select-gates.ts'
import { type ShownStep, shownStep } from './status.ts'

export interface CheckRequest extends CheckLimits, Selection {
  /** Gates by name; empty for all of the current step. */
  gates: readonly string[]
}

export interface CheckResult {
  directory: string
  /** Only the gates that were looked at. `met` and `required` count those that were named too. */
  steps: ShownStep[]
  met: number
  required: number
  /** Records that were written, as paths in the roadmap folder. */
  evidence: string[]
  next: NextAction
  warnings: string[]
}

/**
 * Looks at gates, remembers what was found, and writes evidence for those that pass. Throws a UserError with exit code 3, and the result in `done`, unless every
 * one that is required, or was named, is met.
 */
export async function checkGates(request: CheckRequest, world: CheckWorld): Promise<CheckResult> {
  const { folder, road } = readRoad(world)
  const named = request.gates.map((name) => findGate(name, road))
  if (request.answer !== undefined) expectAttest(named)
  const checked: (Selected & CheckedStep)[] = []
  for (const selected of selectGates(request, named, road))
    checked.push({
      ...selected,
      ...(await checkStep(selected.at, selected.gates, { folder, limits: request, world })),
    })
  const after = readRoad(world, new Map(checked.flatMap(({ unsaved }) => [...unsaved])))
  const states = checked.map((one) => seenNow(one, after.road, request))
  const counted = thatCount(states, named)
  const left = request.record ? [] : leftOut(request, named, road)
  const met = counted.filter(({ status }) => status === 'passed' || status === 'attested').length
  const result: CheckResult = {
    directory: folder.directory,
    steps: states.map((state) => shownStep(state, world.roadmap)),
    met,
    required: counted.length,
    evidence: checked.flatMap(({ evidence }) => evidence),
    next: nextAction(after.road),
    warnings: [...after.folder.warnings, ...left, ...checked.flatMap(({ notes }) => notes)],
  }
  const lost = checked.find((one) => one.lost)?.lost
  if (lost) throw new UserError(lost.message, lost.hint, { done: result })
  if (met === counted.length) return result
  throw unmet(result, counted)
}

function thatCount(states: readonly StepState[], named: readonly FoundGate[]): GateState[] {
  return states.flatMap(({ gates, step }) =>
    gates.filter(({ gate, status }) => {
      const isNamed = named.some((one) => one.gate === gate)
      return status !== 'waived' && (isNamed || (gate.required && !step.optional))
    }),
  )
}

function unmet(result: CheckResult, counted: readonly GateState[]): UserError {
  const { met, required } = result
  const first = counted.find(({ status }) => status === 'failing' || status === 'unknown')
  const hint = first ? `Next, ${first.gate.id}: ${first.gate.do}` : result.next.action
  return new UserError(`${met} of ${required} gates are met`, hint, { exitCode: EXIT.unmet, done: result })
}

function expectAttest(named: readonly FoundGate[]): void {
  if (named.length === 1 && named[0]?.gate.kind === 'attest') return
  throw new UsageError(
    '--answer is for one gate that asks a question',
    'ai-eng-starter check GATE --answer "..."',
  )
}

/** A step as it stands after the check, with only the gates that were looked at. What could not be looked at now is not called met, whatever was found before. */
function seenNow(
  { at, gates, findings, lost }: Selected & CheckedStep,
  { steps }: Road,
  { record }: CheckRequest,
): StepState {
  const after = steps.find(({ step }) => step.id === at.step.id) ?? at
  const shown = after.gates.filter(({ gate }) => gates.includes(gate))
  return {
    ...after,
    gates: shown.map((state) => overlaid(state, findings.get(state.gate.id), record && !lost)),
  }
}

function overlaid(state: GateState, finding: Finding | undefined, isRecorded: boolean): GateState {
  if (!finding || (isRecorded && (finding.result === 'passed' || finding.result === 'attested'))) return state
  const { result: status, code, found, wanted } = finding
  return { ...state, status, code, found, wanted }
}
