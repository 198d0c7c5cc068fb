import { EXIT, UsageError, UserError } from '../core/errors.ts'
import { type Opening, openingOf } from '../core/roadmap/opening.ts'
import { isComplete, isMet } from '../core/state/progress.ts'
import {
  isMilestoneBegun,
  type NextAction,
  nextAction,
  type StepState,
  stepAhead,
} from '../core/state/road.ts'
import { updateSettings } from '../io/state/write.ts'
import { type CheckedStep, type CheckWorld, checkStep } from './check-step.ts'
import type { NewResult, NewWorld } from './new.ts'
import { makeProject, resumeProject } from './next-project.ts'
import { readRoad, type Standing, standingIn } from './road.ts'
import { checkReason, gateName, waived } from './skip.ts'
import { type ShownStep, shownStep } from './status.ts'

export interface NextRequest {
  /** The new project's folder in the roadmap folder; its template's name when left out. */
  name: string | undefined
  dryRun: boolean
  /** Skips what is not met of the current step, with this reason. */
  force: boolean
  reason: string | undefined
  offline: boolean
  /** Takes defaults instead of asking, and lets gates call a model. */
  yes: boolean
  install: boolean
  git: boolean
}

export interface NextWorld {
  checking: CheckWorld
  making: NewWorld
}

export interface NextResult {
  /** The roadmap folder. Absolute. */
  directory: string
  /**
   * `created`: a project is there now. `resumed`: what a killed run had left to do is done. `unmet`: gates stand in the way. `advanced`: the step that comes next has its
   * project, or needs none. `finished`: there is no further step.
   */
  kind: 'created' | 'resumed' | 'unmet' | 'advanced' | 'finished'
  step: ShownStep | null
  /** What a milestone is about, when this is its first step. */
  opening: Opening | null
  project: NewResult | null
  /** Gates that were skipped with --force. */
  skipped: string[]
  /** Records that were written, as paths in the roadmap folder. */
  evidence: string[]
  dryRun: boolean
  next: NextAction
  warnings: string[]
}

/** Where the learner stands once the current step is behind them. */
interface Left extends Standing, Seen {
  skipped: string[]
}

/** What a look at the current step left. */
type Seen = Pick<CheckedStep, 'evidence' | 'lost' | 'unsaved' | 'notes'>

/**
 * Does the next thing: finishes what a killed run left, or looks at what is not met of the current step, or makes the project of the step after it. Nothing that is
 * there is overwritten. Throws a UserError with exit code 3, and the result in `done`, while gates stand in the way.
 */
export async function nextStep(request: NextRequest, world: NextWorld): Promise<NextResult> {
  const reason = reasonFor(request)
  const { folder } = readRoad(world.checking)
  const resumed = request.dryRun ? null : await resumeProject(folder, world.making)
  if (resumed) return told({ kind: 'resumed', project: resumed }, NOTHING_LEFT, { request, world })
  const left = await leaveStep(reason, { request, world })
  return enterStep(left, { request, world })
}

const NOTHING_SEEN: Seen = { evidence: [], lost: null, unsaved: new Map(), notes: [] }
const NOTHING_LEFT = { ...NOTHING_SEEN, skipped: [] }

function reasonFor({ force, reason }: NextRequest): string | undefined {
  if (force) return checkReason(reason)
  if (reason === undefined) return undefined
  throw new UsageError('--reason goes with --force', 'ai-eng-starter next --force --reason "..."')
}

interface Run {
  request: NextRequest
  world: NextWorld
}

/** Looks at the current step, if its project is there. Throws when gates of it are not met, unless there is a reason to skip them. */
async function leaveStep(reason: string | undefined, run: Run): Promise<Left> {
  const { request, world } = run
  const before = readRoad(world.checking)
  const at = stepAhead(before.road)
  const isCurrent = at !== null && at.step.id === before.road.current?.step.id
  if (!at || !isCurrent || isMissing(at)) return { ...before, ...NOTHING_LEFT }
  const seen = request.dryRun ? NOTHING_SEEN : await lookAgain(at, before, run)
  const after = readRoad(world.checking, seen.unsaved)
  const now = after.road.steps.find(({ step }) => step.id === at.step.id) ?? at
  if (isComplete(now.gates)) return { ...after, ...seen, skipped: [] }
  if (reason === undefined || seen.lost) throw unmet(now, seen, run)
  return { ...(await skipRest(now, reason, after, run)), ...seen }
}

function isMissing({ project, step }: StepState): boolean {
  return project === null && step.template !== undefined
}

/** Only at what is not met: a pass that still counts is not looked at twice. */
async function lookAgain(at: StepState, { folder }: Standing, { request, world }: Run): Promise<Seen> {
  const open = unmetOf(at)
  if (open.length === 0) return NOTHING_SEEN
  const limits = { offline: request.offline, yes: request.yes, answer: undefined, record: true }
  return checkStep(at, open, { folder, limits, world: world.checking })
}

function unmetOf({ gates }: StepState) {
  return gates.filter((state) => state.gate.required && !isMet(state)).map(({ gate }) => gate)
}

async function skipRest(
  at: StepState,
  reason: string,
  { folder }: Standing,
  { request, world: { checking } }: Run,
): Promise<Standing & { skipped: string[] }> {
  const gates = unmetOf(at).map((gate) => ({ at, gate }))
  const change = (settings: typeof folder.settings) => waived(settings, gates, { reason, at: checking.now() })
  const settings = request.dryRun ? change(folder.settings) : await updateSettings(folder.directory, change)
  return { ...standingIn({ ...folder, settings }, checking), skipped: gates.map(gateName) }
}

async function enterStep(left: Left, run: Run): Promise<NextResult> {
  const { request, world } = run
  const at = stepAhead(left.road)
  if (!at) return told({ kind: 'finished' }, left, run)
  const { checking, making } = world
  const opening = isMilestoneBegun(at.milestone, left.road) ? null : openingOf(at.milestone, checking.roadmap)
  if (at.step.template === undefined || !isMissing(at))
    return told({ kind: 'advanced', at, opening }, left, run)
  const { template } = at.step
  const { name, dryRun, yes, install, git } = request
  const wanted = { template, name, dryRun, yes, install, git }
  const project = await makeProject(wanted, left.folder, making)
  return told({ kind: 'created', at, opening, project }, left, run)
}

function unmet(at: StepState, seen: Seen, run: Run): UserError {
  const done = told({ kind: 'unmet', at }, { ...seen, skipped: [] }, run)
  if (seen.lost) return new UserError(seen.lost.message, seen.lost.hint, { done })
  const { step, next } = done
  const hint = next.gate === null ? next.action : `Next, ${next.gate}: ${next.action}`
  return new UserError(`${at.step.title}: ${step?.met} of ${step?.required} gates are met`, hint, {
    exitCode: EXIT.unmet,
    done,
  })
}

interface Happened {
  kind: NextResult['kind']
  at?: StepState
  opening?: Opening | null
  project?: NewResult
}

/** A step is shown as it is now, not as it was before. */
function told(
  { kind, at, opening, project }: Happened,
  { skipped, evidence, unsaved, notes }: Omit<Left, keyof Standing>,
  { request, world: { checking } }: Run,
): NextResult {
  const { folder, road } = readRoad(checking, unsaved)
  const now = road.steps.find(({ step }) => step.id === at?.step.id)
  return {
    directory: folder.directory,
    kind,
    step: now ? shownStep(now, checking.roadmap) : null,
    opening: opening ?? null,
    project: project ?? null,
    skipped,
    evidence,
    dryRun: request.dryRun,
    next: nextAction(now && kind !== 'finished' ? { ...road, current: now } : road),
    warnings: [...folder.warnings, ...notes],
  }
}
