import type { Gate } from '../gates/kinds.ts'
import type { PackageManager } from '../pm/name.ts'
import type { Roadmap, Step } from '../roadmap/schema.ts'
import { translateStep } from '../roadmap/translate-step.ts'
import type { Settings } from './files.ts'
import {
  countGates,
  deriveStep,
  type GateState,
  isComplete,
  isMet,
  type Known,
  listIdsEver,
} from './progress.ts'

/** A folder in which gates are checked, as far as it decides the learner's progress. */
export interface Place {
  name: string
  /** Null for the portfolio, which has no template. */
  template: string | null
  manager: PackageManager
  known: Known
}

export interface Surroundings {
  /** Ids of the templates in this version. */
  templates: readonly string[]
  projects: readonly Place[]
  portfolio: Place
  /** The project that the command was started in. */
  current: string | null
  settings: Settings
}

export interface StepState {
  step: Step
  milestone: string
  /** The folder in which the step is checked; null when there is none. */
  project: string | null
  /** Whether its project exists; for a step without a template, whether one of its variables is set. */
  begun: boolean
  /**
   * `skipped`: all required gates are waived. `planned`: this version has no template for it. `before-start`:
   * the learner started at a later milestone.
   */
  status: 'done' | 'skipped' | 'open' | 'planned' | 'before-start'
  gates: GateState[]
}

export interface Road {
  steps: StepState[]
  /**
   * The step of the project that the learner is in, else the first open step that has begun, else the first
   * open step.
   */
  current: StepState | null
}

const NOTHING_KNOWN: Known = { evidence: [], last: {}, inputsOf: () => '' }

export function deriveRoad(roadmap: Roadmap, around: Surroundings): Road {
  const steps = roadmap.milestones.flatMap((milestone) =>
    milestone.steps.flatMap((id) => {
      const step = roadmap.steps.find((one) => one.id === id)
      return step ? [deriveStepState(step, milestone.id, roadmap, around)] : []
    }),
  )
  return { steps, current: findCurrent(steps, around) }
}

function deriveStepState(
  general: Step,
  milestone: string,
  roadmap: Roadmap,
  around: Surroundings,
): StepState {
  const place = findPlace(general, around)
  const known = place?.known ?? NOTHING_KNOWN
  const asked = place ? translateStep(general, place.manager, roadmap.codes) : general
  const step = adaptTexts(addRetiredGates(asked, known), around)
  const gates = deriveStep(step, known, around.settings)
  const begun =
    step.template === undefined ? gates.some((one) => isSet(one, around.settings)) : place !== undefined
  const state = { step, milestone, project: place?.name ?? null, begun, gates }
  const order = roadmap.milestones.map(({ id }) => id)
  const { start } = around.settings
  const isEarlier = start !== undefined && order.indexOf(milestone) < order.indexOf(start)
  if (gates.length === 0 || (step.template !== undefined && !around.templates.includes(step.template)))
    return { ...state, status: 'planned' }
  const counts = countGates(gates)
  if (counts.waived > 0 && counts.required === 0) return { ...state, status: 'skipped' }
  if (place && isComplete(gates)) return { ...state, status: 'done' }
  return { ...state, status: isEarlier ? 'before-start' : 'open' }
}

/** Evidence of a gate that the step no longer has is still the learner's. */
function addRetiredGates(step: Step, { evidence }: Known): Step {
  const retired = step.retired.filter((gate) => evidence.some((one) => listIdsEver(gate).includes(one.gate)))
  return retired.length === 0 ? step : { ...step, gates: [...step.gates, ...retired] }
}

/** Where a gate has other texts next to a project of a certain template, and one is there, takes those. */
function adaptTexts(step: Step, { projects, current }: Surroundings): Step {
  if (step.gates.every(({ neighbour }) => neighbour === undefined)) return step
  const gates = step.gates.map((gate) => {
    const { neighbour: texts } = gate
    const fitting = projects.filter(({ template }) => template === texts?.template)
    const found = fitting.find(({ name }) => name === current) ?? fitting[0]
    if (texts === undefined || found === undefined) return gate
    const fill = (text: string) => text.replaceAll('{neighbour}', `../${found.name}`)
    return { ...gate, do: fill(texts.do), hints: texts.hints.map(fill) }
  })
  return { ...step, gates }
}

function isSet({ gate }: GateState, { vars }: Settings): boolean {
  return 'variable' in gate && gate.variable !== undefined && vars[gate.variable] !== undefined
}

/**
 * Of several projects of one template, the one that the command was started in counts, else the first by
 * name.
 */
function findPlace(step: Step, { projects, portfolio, current, settings }: Surroundings): Place | undefined {
  if (step.about !== undefined) return projects.find(({ name }) => name === settings.vars[step.about ?? ''])
  if (step.template === undefined) return portfolio
  const fitting = projects.filter(({ template }) => template === step.template)
  return fitting.find(({ name }) => name === current) ?? fitting[0]
}

function findCurrent(steps: readonly StepState[], { current }: Surroundings): StepState | null {
  const own = steps.find(({ project, step }) => project === current && step.template !== undefined)
  if (current !== null && own) return own
  return findFirstOpen(steps)
}

/** Steps that have begun come first. */
function findFirstOpen(steps: readonly StepState[]): StepState | null {
  const open = steps.filter(({ status, step }) => status === 'open' && !step.optional)
  return open.find(({ begun, step }) => begun && step.template !== undefined) ?? open[0] ?? null
}

/**
 * The step to work on: the current step while it is open, else the first open one. Null at the end of the
 * roadmap.
 */
export function stepAhead({ steps, current }: Road): StepState | null {
  return current?.status === 'open' ? current : findFirstOpen(steps)
}

/** Whether a step of this milestone has begun. */
export function isMilestoneBegun(milestone: string, { steps }: Road): boolean {
  return steps.some((state) => state.milestone === milestone && state.begun)
}

export interface NextAction {
  /** The gate that it is about; null when a project is missing or everything is done. */
  gate: string | null
  /** What to do, in words or as a command. */
  action: string
  /** The command to run then; null when the action is all there is to do. */
  command: string | null
}

/** Chooses the one thing to do next. */
export function chooseNextAction({ current }: Road): NextAction {
  if (!current)
    return {
      gate: null,
      action: 'Every step in this version is done: show your work',
      command: 'ai-eng-starter portfolio',
    }
  const { step, project, gates } = current
  if (project === null && step.template !== undefined)
    return { gate: null, action: `start ${step.title}`, command: 'ai-eng-starter next' }
  const open = gates.filter((state) => state.gate.required && !isMet(state) && state.status !== 'blocked')
  const first = open[0]
  if (!first)
    return { gate: null, action: `${step.title} is ${current.status}`, command: 'ai-eng-starter next' }
  const { gate, status, code } = first
  if (status === 'unknown' && code === 'not-checked' && gate.kind === 'built')
    return { gate: null, action: 'build a part of it yourself', command: 'ai-eng-starter build' }
  if (status === 'unknown' && code === 'not-checked' && step.template !== undefined)
    return { gate: null, action: 'see which gates pass already', command: 'ai-eng-starter check' }
  if (status === 'stale')
    return {
      gate: gate.id,
      action: `check it again: ${first.reason ?? 'something changed'}`,
      command: checkCommand(gate),
    }
  return { gate: gate.id, action: gate.do, command: checkCommand(gate) }
}

function checkCommand(gate: Gate): string {
  return `ai-eng-starter check ${gate.id}`
}
