import { EXIT, UsageError } from '../../core/errors.ts'
import type { Finding } from '../../core/gates/finding.ts'
import { failWith, type Outcome, succeed } from '../../core/outcome.ts'
import { type FoundGate, findGate } from '../../core/roadmap/find-gates.ts'
import type { GateState } from '../../core/state/progress.ts'
import { chooseNextAction, type NextAction, type Road, type StepState } from '../../core/state/road.ts'
import { deriveStanding, readRoad } from '../road.ts'
import { type ShownStep, showStep } from '../status.ts'
import type { World } from '../world.ts'
import { type CheckedStep, type CheckLimits, checkStep } from './check-step.ts'
import { describeLeftOut, type Selected, type Selection, selectGates } from './select-gates.ts'

export interface CheckRequest extends CheckLimits, Selection {
  /** Names of gates; empty means all gates of the current step. */
  gates: readonly string[]
}

export interface CheckResult {
  directory: string
  /** Only the gates that were checked. `met` and `required` include optional gates that were named. */
  steps: ShownStep[]
  met: number
  required: number
  /** Paths, in the roadmap folder, of the records written. */
  evidence: string[]
  next: NextAction
  warnings: string[]
}

/**
 * Checks gates, stores what it finds, and writes evidence for those that pass. The outcome has a problem with
 * exit code 3 unless every required or named gate passes. Throws a UsageError for an unknown gate, a
 * UserError without a project, a StateError for unreadable state.
 */
export async function checkGates(request: CheckRequest, world: World): Promise<Outcome<CheckResult>> {
  const before = readRoad(world)
  const { road } = before
  let { folder } = before
  const named = request.gates.map((name) => findGate(name, road))
  if (request.answer !== undefined) expectAttest(named)
  const checked: (Selected & CheckedStep)[] = []
  for (const selected of selectGates(request, named, road)) {
    const step = await checkStep(selected.at, selected.gates, { folder, limits: request, world })
    checked.push({ ...selected, ...step })
    folder = step.folder
  }
  const after = deriveStanding(folder, world)
  const states = checked.map((one) => overlayFindings(one, after.road, request))
  const counted = findCounted(states, named)
  const left = request.record ? [] : describeLeftOut(request, named, road)
  const met = counted.filter(({ status }) => status === 'passed' || status === 'attested').length
  const result: CheckResult = {
    directory: folder.directory,
    steps: states.map((state) => showStep(state, world.roadmap)),
    met,
    required: counted.length,
    evidence: checked.flatMap(({ evidence }) => evidence),
    next: chooseNextAction(after.road),
    warnings: [...folder.warnings, ...left, ...checked.flatMap(({ notes }) => notes)],
  }
  const lost = checked.find((one) => one.lost)?.lost
  if (lost) return failWith(result, lost.message, lost.hint)
  return met === counted.length ? succeed(result) : failCheck(result, counted)
}

function findCounted(states: readonly StepState[], named: readonly FoundGate[]): GateState[] {
  return states.flatMap(({ gates, step }) =>
    gates.filter(({ gate, status }) => {
      const isNamed = named.some((one) => one.at.step.id === step.id && one.gate.id === gate.id)
      return status !== 'waived' && (isNamed || (gate.required && !step.optional))
    }),
  )
}

function failCheck(result: CheckResult, counted: readonly GateState[]): Outcome<CheckResult> {
  const { met, required } = result
  const first = counted.find(({ status }) => status === 'failing' || status === 'unknown')
  const hint = first ? `Next, ${first.gate.id}: ${first.gate.do}` : result.next.action
  return failWith(result, `${met} of ${required} gates pass`, hint, EXIT.unmet)
}

function expectAttest(named: readonly FoundGate[]): void {
  if (named.length === 1 && named[0]?.gate.kind === 'attest') return
  throw new UsageError(
    '--answer needs exactly one gate that asks a question',
    'Run: ai-eng-starter check GATE --answer "..."',
  )
}

/**
 * The step after the check, with only the gates that were checked. A gate that could not be checked now does
 * not count as passed, whatever an earlier check found.
 */
function overlayFindings(
  { at, gates, findings, lost }: Selected & CheckedStep,
  { steps }: Road,
  { record }: CheckRequest,
): StepState {
  const after = steps.find(({ step }) => step.id === at.step.id) ?? at
  const shown = after.gates.filter(({ gate }) => gates.some(({ id }) => id === gate.id))
  return {
    ...after,
    gates: shown.map((state) => overlayFinding(state, findings.get(state.gate.id), record && !lost)),
  }
}

function overlayFinding(state: GateState, finding: Finding | undefined, isRecorded: boolean): GateState {
  if (!finding || (isRecorded && (finding.result === 'passed' || finding.result === 'attested'))) return state
  const { result: status, code, found, wanted } = finding
  return { ...state, status, code, found, wanted }
}
