import type { Limits } from '../settings.ts'
import type { Call, EventOf, RunEvent } from './events.ts'

/** A call and how far it got. */
export interface CallState extends Call {
  step: number
  decision?: EventOf<'decision'>
  /** Set just before the call is made. */
  called?: EventOf<'called'>
  result?: EventOf<'result'>
}

/** Where a run stands, derived from its events and nothing else. */
export interface RunState {
  started: EventOf<'started'>
  /** Every time that the run was resumed. */
  resumed: EventOf<'resumed'>[]
  limits: Limits
  steps: EventOf<'step'>[]
  calls: CallState[]
  tokens: number
  /** US dollars; null: a part of it is unknown. */
  costUsd: number | null
  /** Milliseconds of the model and the tools; calls that ran together count once. */
  workMs: number
  /** undefined: the run is open. */
  stopped: EventOf<'stopped'> | undefined
}

/** Throws when the first event is not `started`. */
export function deriveState(events: readonly RunEvent[]): RunState {
  const [started, ...rest] = events
  if (started?.type !== 'started') throw new Error('a run begins with the event "started"')
  const state: RunState = {
    ...{ started, resumed: [], limits: started.limits, steps: [], calls: [] },
    ...{ tokens: 0, costUsd: 0, workMs: 0, stopped: undefined },
  }
  for (const event of rest) apply(state, event)
  state.workMs += sumToolTime(state)
  return state
}

function apply(state: RunState, event: RunEvent): void {
  switch (event.type) {
    case 'started':
      return
    case 'resumed':
      state.resumed.push(event)
      state.limits = event.limits
      state.stopped = undefined
      return
    case 'step':
      state.steps.push(event)
      state.workMs += event.ms
      addUsage(state, event)
      state.calls.push(...event.calls.map((call) => ({ ...call, step: state.steps.length })))
      return
    case 'decision':
    case 'called':
    case 'result':
      updateCall(state, event)
      return
    case 'stopped':
      state.stopped = event
      state.workMs += event.ms
      addUsage(state, event)
      return
    default:
      event satisfies never
  }
}

function updateCall(state: RunState, event: EventOf<'decision' | 'called' | 'result'>): void {
  const call = state.calls.find(({ id, result }) => id === event.call && result === undefined)
  if (call === undefined) return
  if (event.type === 'decision') call.decision = event
  if (event.type === 'called') call.called = event
  if (event.type === 'result') call.result = event
}

function addUsage(state: RunState, { usage }: Pick<EventOf<'stopped'>, 'usage'>): void {
  if (usage === undefined) return
  state.tokens += usage.inputTokens + usage.outputTokens
  state.costUsd = state.costUsd === null || usage.costUsd === null ? null : state.costUsd + usage.costUsd
}

/** The slowest call of each step: the others ran next to it. */
function sumToolTime({ steps, calls }: RunState): number {
  const slowest = steps.map((_, index) =>
    Math.max(0, ...calls.filter(({ step }) => step === index + 1).map(({ result }) => result?.ms ?? 0)),
  )
  return slowest.reduce((sum, ms) => sum + ms, 0)
}

/** The calls that the model still needs an answer to. */
export function listPendingCalls({ calls }: RunState): CallState[] {
  return calls.filter(({ result }) => result === undefined)
}
