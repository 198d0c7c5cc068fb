import { EXIT, UserError } from '../../core/errors.ts'
import { type Finding, fail, pass } from '../../core/gates/finding.ts'
import type { Gate } from '../../core/gates/kinds.ts'
import { makeOnce } from '../../core/once.ts'
import type { Evidence } from '../../core/state/files.ts'
import { findStanding, isMet } from '../../core/state/progress.ts'
import type { StepState } from '../../core/state/road.ts'
import { allowsLoopback } from '../../io/gates/addresses.ts'
import { makeInputsHasher } from '../../io/gates/inputs.ts'
import { runGate } from '../../io/gates/run-gate.ts'
import { readSamples } from '../../io/gates/samples.ts'
import type { GateWorld } from '../../io/gates/world.ts'
import { readGitState } from '../../io/git-state.ts'
import type { Home, RoadmapFolder } from '../../io/state/folder.ts'
import { type Circumstances, type FoundOut, type Recorded, recordFindings } from '../../io/state/record.ts'
import { addLearned } from '../road.ts'
import type { World } from '../world.ts'

export interface CheckLimits {
  offline: boolean
  /** Whether gates that call a model may run. */
  yes: boolean
  /** The learner's answer, for a gate that asks a question. */
  answer: string | undefined
  /** Whether findings are stored and a pass writes evidence; false in CI. */
  record: boolean
}

export interface CheckedStep {
  /** What this run found, by gate; without gates that are blocked. */
  findings: Map<string, Finding>
  /** Paths, in the roadmap folder, of the records written. */
  evidence: string[]
  /** Why a record could not be written; null when all were. */
  lost: UserError | null
  /** The roadmap folder with these findings and records. */
  folder: RoadmapFolder
  notes: string[]
}

/**
 * Checks gates of one step in order and stores what it finds. Throws a UserError when the step has no folder.
 */
export async function checkStep(
  at: StepState,
  gates: readonly Gate[],
  { folder, limits, world }: { folder: RoadmapFolder; limits: CheckLimits; world: World },
): Promise<CheckedStep> {
  const home = findHome(at, folder)
  if (!home) return failWithoutFolder(at, gates, folder)
  const inputsOf = makeInputsHasher({
    directory: home.directory,
    root: folder.directory,
    settings: folder.settings,
  })
  const { env, signal, fetch } = world
  const gateWorld = {
    ...{ folder, env, signal, fetch },
    directory: home.directory,
    samples: makeOnce(() => readSamples(world.allPacks())),
    answer: limits.answer,
    allowLoopback: allowsLoopback(env),
  }
  const tell = ({ id }: Gate) => world.tell({ kind: 'gate', id })
  const { evidence } = home
  const { found, notes } = await runGates(at, gates, { gateWorld, limits, tell, inputsOf, evidence })
  const recorded = limits.record
    ? await recordFindings(home, found, await describeCircumstances(home.directory, world))
    : { written: [], lost: null, checks: home.last, unsaved: null }
  const findings = new Map(
    found.flatMap(({ gate, finding }) => (finding ? [[gate.id, finding] as const] : [])),
  )
  return {
    findings,
    ...applyRecorded(folder, home, recorded),
    lost: recorded.lost,
    notes: [
      ...notes,
      ...(recorded.unsaved ? [`the findings were not stored. ${recorded.unsaved.message}`] : []),
    ],
  }
}

/** Returns the paths of the written records, and the folder that contains them. */
export function applyRecorded(
  folder: RoadmapFolder,
  { name }: Home,
  { written, checks }: Pick<Recorded, 'written' | 'checks'>,
): { evidence: string[]; folder: RoadmapFolder } {
  const records = written.map(({ record }) => record)
  return {
    evidence: written.map(({ path }) => `${name}/${path}`),
    folder: addLearned(folder, name, { records, checks }),
  }
}

/** What a record holds besides the finding. */
export async function describeCircumstances(directory: string, world: World): Promise<Circumstances> {
  const env = {
    cli: world.catalogue.version,
    node: process.version,
    ci: Boolean(world.env['CI']),
    ...(allowsLoopback(world.env) && { loopback: true }),
  }
  const state = await readGitState({ directory, signal: world.signal })
  return { at: world.now().toISOString(), ...state, env }
}

export function findHome({ project }: StepState, { projects, portfolio }: RoadmapFolder): Home | undefined {
  return [...projects, portfolio].find(({ name }) => name === project)
}

function failWithoutFolder({ step }: StepState, gates: readonly Gate[], folder: RoadmapFolder): CheckedStep {
  if (step.about === undefined)
    throw new UserError(
      `There is no ${step.title} project here`,
      `Start it: ai-eng-starter new ${step.template}`,
      { exitCode: EXIT.unmet },
    )
  const missing = fail('no-project', { found: `${step.about} is not set`, wanted: 'one of your projects' })
  const findings = new Map(gates.map(({ id }) => [id, missing]))
  return { findings, evidence: [], lost: null, folder, notes: [] }
}

interface Looking {
  gateWorld: GateWorld
  limits: CheckLimits
  tell: (gate: Gate) => void
  inputsOf: (gate: Gate) => string
  evidence: readonly Evidence[]
}

async function runGates(
  at: StepState,
  gates: readonly Gate[],
  looking: Looking,
): Promise<{ found: FoundOut[]; notes: string[] }> {
  const met = new Map(at.gates.map((state) => [state.gate.id, isMet(state)]))
  const found: FoundOut[] = []
  const notes: string[] = []
  for (const { gate, status, evidence } of at.gates) {
    const isAnswered = status === 'attested' && looking.limits.answer === undefined
    if (!gates.includes(gate) || status === 'waived' || isAnswered) continue
    const isFree = gate.dependsOn.every((id) => met.get(id))
    if (isFree) looking.tell(gate)
    const seen = isFree ? await runGate(gate, looking.gateWorld, looking.limits) : null
    const standing = seen?.result === 'failing' ? findStanding(gate, seen.code, looking) : undefined
    if (seen && standing) notes.push(describeStanding(gate, seen, standing))
    const finding = standing ? pass(standing.found, standing.data) : seen
    met.set(gate.id, finding?.result === 'passed' || finding?.result === 'attested')
    found.push({ gate, finding, earlier: evidence ?? standing ?? null, inputs: looking.inputsOf(gate) })
  }
  return { found, notes }
}

function describeStanding({ id }: Gate, { found }: Finding, { at }: Evidence): string {
  return `${id} passed on ${at.slice(0, 10)} with the same files, and still counts. Now: ${found}`
}
