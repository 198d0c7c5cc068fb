import type { Gate } from '../gates/kinds.ts'
import type { Roadmap, Step } from '../roadmap/schema.ts'
import type { Settings } from './files.ts'
import { countGates, deriveStep, type GateState, isComplete, isMet, type Known } from './progress.ts'

/** A folder that gates are checked in, as far as it decides where the learner stands. */
export interface Place {
  name: string
  /** Null for the portfolio, which no template made. */
  template: string | null
  known: Known
}

export interface Surroundings {
  /** Ids of the templates that this version has. */
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
  /** The folder that the step is checked in; null while there is none. */
  project: string | null
  /** Its project is there; of a step that no template makes, one of its variables is set. */
  begun: boolean
  /** `skipped`: no required gate of it is left to meet. `planned`: its template is not in this version. `before-start`: the learner began later on the road. */
  status: 'done' | 'skipped' | 'open' | 'planned' | 'before-start'
  gates: GateState[]
}

export interface Road {
  steps: StepState[]
  /** What the learner is at: the step of the project that they are in, else the first that is begun, else the first that is open. */
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

function deriveStepState(step: Step, milestone: string, roadmap: Roadmap, around: Surroundings): StepState {
  const place = findPlace(step, around)
  const gates = deriveStep(step, place?.known ?? NOTHING_KNOWN, around.settings)
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

function isSet({ gate }: GateState, { vars }: Settings): boolean {
  return 'variable' in gate && gate.variable !== undefined && vars[gate.variable] !== undefined
}

/** Of several projects of one template the one that the command was started in counts, else the first by name. */
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

/** What is begun comes before what is not. */
function findFirstOpen(steps: readonly StepState[]): StepState | null {
  const open = steps.filter(({ status, step }) => status === 'open' && !step.optional)
  return open.find(({ begun, step }) => begun && step.template !== undefined) ?? open[0] ?? null
}

/** Where the road goes on: at the current step while that is open, else at the first that is. Null at its end. */
export function stepAhead({ steps, current }: Road): StepState | null {
  return current?.status === 'open' ? current : findFirstOpen(steps)
}

/** A step of this milestone has been begun. */
export function isMilestoneBegun(milestone: string, { steps }: Road): boolean {
  return steps.some((state) => state.milestone === milestone && state.begun)
}

export interface NextAction {
  /** The gate that it is about; null when a project is missing or everything is done. */
  gate: string | null
  /** What to do, in words or as a command. */
  action: string
  /** The command to run then; null when the action is all that there is. */
  command: string | null
}

/** The one thing to do next. */
export function chooseNextAction({ current }: Road): NextAction {
  if (!current)
    return {
      gate: null,
      action: 'Every step that this version has is done: show it',
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
  if (status === 'unknown' && code === 'not-checked' && step.template !== undefined)
    return { gate: null, action: 'see what is met already', command: 'ai-eng-starter check' }
  if (status === 'stale')
    return {
      gate: gate.id,
      action: `look again: ${first.reason ?? 'something changed'}`,
      command: checkCommand(gate),
    }
  return { gate: gate.id, action: gate.do, command: checkCommand(gate) }
}

function checkCommand(gate: Gate): string {
  return `ai-eng-starter check ${gate.id}`
}
