import { EXIT, UsageError } from '../../core/errors.ts'
import { failWith, type Outcome, succeed } from '../../core/outcome.ts'
import { findOpening, type Opening } from '../../core/roadmap/opening.ts'
import {
  type Ability,
  findDoneBefore,
  listAbilities,
  listOffers,
  type Offer,
} from '../../core/state/finish.ts'
import { isComplete, isMet } from '../../core/state/progress.ts'
import {
  chooseNextAction,
  isMilestoneBegun,
  type NextAction,
  type StepState,
  stepAhead,
} from '../../core/state/road.ts'
import { updateSettings } from '../../io/state/write.ts'
import { type CheckedStep, checkStep } from '../check/check-step.ts'
import type { NewResult } from '../new/result.ts'
import { deriveStanding, readRoad, type Standing } from '../road.ts'
import { addWaivers, checkReason, gateName } from '../skip.ts'
import { type ShownStep, showStep } from '../status.ts'
import type { World } from '../world.ts'
import { makeProject, resumeProject } from './project.ts'

export interface NextRequest {
  /** Folder of the new project in the roadmap folder; its template's name when absent. */
  name: string | undefined
  dryRun: boolean
  /** Skips the gates of the current step that do not pass, with this reason. */
  force: boolean
  reason: string | undefined
  offline: boolean
  /** Takes defaults instead of asking, and lets gates call a model. */
  yes: boolean
  install: boolean
  git: boolean
}

export interface NextResult {
  /** The roadmap folder. Absolute. */
  directory: string
  /**
   * `created`: there is a new project. `resumed`: completed what a killed run had left. `unmet`: gates of the
   * current step do not pass. `advanced`: the next step already has its project, or needs none. `finished`:
   * there is no next step.
   */
  kind: 'created' | 'resumed' | 'unmet' | 'advanced' | 'finished'
  step: ShownStep | null
  /** The opening of a milestone, when this is its first step. */
  opening: Opening | null
  project: NewResult | null
  /** The step that is behind the learner now, with what they can do since; null while a step has unmet gates. */
  done: Ability | null
  /** At the end: everything that the learner can do now, and what they can still do if they like. */
  abilities: Ability[]
  offers: Offer[]
  /** Gates skipped with --force. */
  skipped: string[]
  /** Paths, in the roadmap folder, of the records written. */
  evidence: string[]
  dryRun: boolean
  next: NextAction
  warnings: string[]
}

/** Where the learner is, and what this run has done so far. */
interface NextProgress extends Standing {
  skipped: string[]
  evidence: string[]
  notes: string[]
}

interface NextRun {
  request: NextRequest
  world: World
}

/**
 * Takes the next step: completes what a killed run left, or re-checks the gates of the current step that do
 * not pass, or creates the project of the step after it. Overwrites nothing. The outcome has a problem with
 * exit code 3 while required gates do not pass, and the problem of `new` when the project is not ready.
 * Throws a UsageError for --reason without --force, a StateError for unreadable state.
 */
export async function takeNextStep(request: NextRequest, world: World): Promise<Outcome<NextResult>> {
  const run = { request, world }
  const reason = readReason(request)
  const start: NextProgress = { ...readRoad(world), skipped: [], evidence: [], notes: [] }
  const resumed = request.dryRun ? null : await resumeProject(start.folder, world)
  if (resumed) {
    const progress = { ...start, ...readRoad(world) }
    return {
      result: composeNext({ kind: 'resumed', project: resumed.result }, progress, run),
      problem: resumed.problem,
    }
  }
  const left = await leaveStep(reason, start, run)
  return left.kind === 'stay' ? left.outcome : enterStep(left.progress, run)
}

function readReason({ force, reason }: NextRequest): string | undefined {
  if (force) return checkReason(reason)
  if (reason === undefined) return undefined
  throw new UsageError('--reason needs --force', 'Run: ai-eng-starter next --force --reason "..."')
}

type Leaving = { kind: 'leave'; progress: NextProgress } | { kind: 'stay'; outcome: Outcome<NextResult> }

/**
 * Re-checks the current step, if it has a project. The learner stays while required gates do not pass, unless
 * there is a reason to skip them.
 */
async function leaveStep(reason: string | undefined, start: NextProgress, run: NextRun): Promise<Leaving> {
  const at = stepAhead(start.road)
  const isCurrent = at !== null && at.step.id === start.road.current?.step.id
  if (!at || !isCurrent || isMissing(at)) return { kind: 'leave', progress: start }
  const checked = run.request.dryRun ? null : await checkUnmet(at, start, run)
  const progress = checked ? { ...start, ...checked, ...deriveStanding(checked.folder, run.world) } : start
  const now = progress.road.steps.find(({ step }) => step.id === at.step.id) ?? at
  if (isComplete(now.gates)) return { kind: 'leave', progress }
  const lost = checked?.lost ?? null
  if (reason !== undefined && !lost)
    return { kind: 'leave', progress: await skipUnmet(now, reason, progress, run) }
  return { kind: 'stay', outcome: failNext(now, lost, progress, run) }
}

function isMissing({ project, step }: StepState): boolean {
  return project === null && step.template !== undefined
}

/** Checks only gates that do not pass: a pass that still counts is not repeated. Null when there are none. */
async function checkUnmet(
  at: StepState,
  { folder }: Standing,
  { request, world }: NextRun,
): Promise<CheckedStep | null> {
  const open = findUnmet(at)
  if (open.length === 0) return null
  const limits = { offline: request.offline, yes: request.yes, answer: undefined, record: true }
  return checkStep(at, open, { folder, limits, world })
}

function findUnmet({ gates }: StepState) {
  return gates.filter((state) => state.gate.required && !isMet(state)).map(({ gate }) => gate)
}

async function skipUnmet(
  at: StepState,
  reason: string,
  progress: NextProgress,
  { request, world }: NextRun,
): Promise<NextProgress> {
  const { folder } = progress
  const gates = findUnmet(at).map((gate) => ({ at, gate }))
  const change = (settings: typeof folder.settings) =>
    addWaivers(settings, gates, { reason, at: world.now() })
  const settings = request.dryRun ? change(folder.settings) : await updateSettings(folder.directory, change)
  return { ...progress, ...deriveStanding({ ...folder, settings }, world), skipped: gates.map(gateName) }
}

async function enterStep(progress: NextProgress, run: NextRun): Promise<Outcome<NextResult>> {
  const { request, world } = run
  const at = stepAhead(progress.road)
  if (!at) return succeed(composeNext({ kind: 'finished' }, progress, run))
  const opening = isMilestoneBegun(at.milestone, progress.road)
    ? null
    : findOpening(at.milestone, world.roadmap)
  const { template } = at.step
  if (template === undefined || !isMissing(at))
    return succeed(composeNext({ kind: 'advanced', at, opening }, progress, run))
  const { name, dryRun, yes, install, git } = request
  const made = await makeProject({ template, name, dryRun, yes, install, git }, progress.folder, world)
  const now = dryRun ? progress : { ...progress, ...readRoad(world) }
  return {
    result: composeNext({ kind: 'created', at, opening, project: made.result }, now, run),
    problem: made.problem,
  }
}

function failNext(
  at: StepState,
  lost: CheckedStep['lost'],
  progress: NextProgress,
  run: NextRun,
): Outcome<NextResult> {
  const result = composeNext({ kind: 'unmet', at }, progress, run)
  if (lost) return failWith(result, lost.message, lost.hint)
  const { step, next } = result
  const hint = next.gate === null ? next.action : `Next, ${next.gate}: ${next.action}`
  return failWith(result, `${at.step.title}: ${step?.met} of ${step?.required} gates pass`, hint, EXIT.unmet)
}

interface Happened {
  kind: NextResult['kind']
  at?: StepState
  opening?: Opening | null
  project?: NewResult
}

function describeDone(
  kind: NextResult['kind'],
  at: StepState | undefined,
  road: Standing['road'],
): Pick<NextResult, 'done' | 'abilities' | 'offers'> {
  const isPast = kind === 'created' || kind === 'advanced'
  const isEnd = kind === 'finished'
  return {
    done: isPast && at ? findDoneBefore(road, at) : null,
    abilities: isEnd ? listAbilities(road) : [],
    offers: isEnd ? listOffers(road) : [],
  }
}

/** Returns the step in its present state, not as it was before the check. */
function composeNext(
  { kind, at, opening, project }: Happened,
  { folder, road, skipped, evidence, notes }: NextProgress,
  { request, world }: NextRun,
): NextResult {
  const now = road.steps.find(({ step }) => step.id === at?.step.id)
  return {
    directory: folder.directory,
    kind,
    step: now ? showStep(now, world.roadmap) : null,
    opening: opening ?? null,
    project: project ?? null,
    ...describeDone(kind, now, road),
    skipped,
    evidence,
    dryRun: request.dryRun,
    next: chooseNextAction(now && kind !== 'finished' ? { ...road, current: now } : road),
    warnings: [...folder.warnings, ...notes],
  }
}
