import { EXIT, UserError } from '../core/errors.ts'
import { type Finding, failing } from '../core/gates/finding.ts'
import type { Gate } from '../core/roadmap/schema.ts'
import { isMet } from '../core/state/progress.ts'
import type { StepState } from '../core/state/road.ts'
import { allowsLoopback } from '../io/gates/addresses.ts'
import { inputsHasher } from '../io/gates/inputs.ts'
import { runGate } from '../io/gates/run-gate.ts'
import type { GateWorld, Samples } from '../io/gates/world.ts'
import { gitState } from '../io/git-state.ts'
import type { Home, RoadmapFolder } from '../io/state/folder.ts'
import { type Circumstances, type FoundOut, type Recorded, recordFindings } from '../io/state/record.ts'
import type { RoadWorld, Unsaved } from './road.ts'

export interface CheckWorld extends RoadWorld {
  samples: () => Samples
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  now: () => Date
  fetch: typeof fetch
  /** Called before each gate that is looked at. */
  tell: (gate: Gate) => void
}

export interface CheckLimits {
  offline: boolean
  /** Gates that call a model may run. */
  yes: boolean
  /** The learner's own words, for a gate that asks. */
  answer: string | undefined
  /** What is found is remembered, and a pass leaves evidence; not so in CI. */
  record: boolean
}

export interface CheckedStep {
  /** What was found in this run, by gate; a gate that waits for others is not in it. */
  findings: Map<string, Finding>
  /** Records that were written, as paths in the roadmap folder. */
  evidence: string[]
  /** Why a record could not be written; null when all were. */
  lost: UserError | null
  /** What was found and could not be kept for the next command. */
  unsaved: Unsaved
  notes: string[]
}

/** Looks at gates of one step in order and remembers what was found. Throws a UserError when the step has no folder. */
export async function checkStep(
  at: StepState,
  gates: readonly Gate[],
  { folder, limits, world }: { folder: RoadmapFolder; limits: CheckLimits; world: CheckWorld },
): Promise<CheckedStep> {
  const home = homeOf(at, folder)
  if (!home) return withoutFolder(at, gates)
  const inputsOf = inputsHasher({
    directory: home.directory,
    root: folder.directory,
    settings: folder.settings,
  })
  const gateWorld = {
    ...world,
    directory: home.directory,
    folder,
    answer: limits.answer,
    allowLoopback: allowsLoopback(world.env),
  }
  const found = await lookAt(at, gates, { gateWorld, limits, tell: world.tell, inputsOf })
  const { written, lost, unsaved } = limits.record
    ? await recordFindings(home, found, await circumstancesOf(home.directory, world))
    : NOTHING_RECORDED
  const findings = new Map(
    found.flatMap(({ gate, finding }) => (finding ? [[gate.id, finding] as const] : [])),
  )
  return {
    findings,
    evidence: written.map((path) => `${home.name}/${path}`),
    lost,
    unsaved: new Map(unsaved ? [[home.name, unsaved.checks]] : []),
    notes: unsaved ? [`what was found is not remembered. ${unsaved.why}`] : [],
  }
}

const NOTHING_RECORDED: Recorded = { written: [], lost: null, unsaved: null }

/** What a record says besides what was found. */
export async function circumstancesOf(directory: string, world: CheckWorld): Promise<Circumstances> {
  const env = {
    cli: world.catalogue.version,
    node: process.version,
    ci: Boolean(world.env['CI']),
    ...(allowsLoopback(world.env) && { loopback: true }),
  }
  const state = await gitState({ directory, signal: world.signal })
  return { at: world.now().toISOString(), ...state, env }
}

export function homeOf({ project }: StepState, { projects, portfolio }: RoadmapFolder): Home | undefined {
  return [...projects, portfolio].find(({ name }) => name === project)
}

function withoutFolder({ step }: StepState, gates: readonly Gate[]): CheckedStep {
  if (step.about === undefined)
    throw new UserError(
      `There is no ${step.title} project here`,
      `Start it: ai-eng-starter new ${step.template}`,
      { exitCode: EXIT.unmet },
    )
  const missing = failing('no-project', { found: `${step.about} is not set`, wanted: 'one of your projects' })
  const findings = new Map(gates.map(({ id }) => [id, missing]))
  return { findings, evidence: [], lost: null, unsaved: new Map(), notes: [] }
}

interface Looking {
  gateWorld: GateWorld
  limits: CheckLimits
  tell: (gate: Gate) => void
  inputsOf: (gate: Gate) => string
}

async function lookAt(at: StepState, gates: readonly Gate[], looking: Looking): Promise<FoundOut[]> {
  const met = new Map(at.gates.map((state) => [state.gate.id, isMet(state)]))
  const found: FoundOut[] = []
  for (const { gate, status, evidence } of at.gates) {
    const isAnswered = status === 'attested' && looking.limits.answer === undefined
    if (!gates.includes(gate) || status === 'waived' || isAnswered) continue
    const isFree = gate.dependsOn.every((id) => met.get(id))
    if (isFree) looking.tell(gate)
    const finding = isFree ? await runGate(gate, looking.gateWorld, looking.limits) : null
    met.set(gate.id, finding?.result === 'passed' || finding?.result === 'attested')
    found.push({ gate, finding, earlier: evidence, inputs: looking.inputsOf(gate) })
  }
  return found
}
