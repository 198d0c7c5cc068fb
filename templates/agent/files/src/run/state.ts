import type { Limits } from '../settings.ts'
import type { Call, EventOf, RunEvent } from './events.ts'

/** A call, and how far it has come. */
export interface CallState extends Call {
  step: number
  decision?: EventOf<'decision'>
  /** Set from just before it is made. */
  called?: EventOf<'called'>
  result?: EventOf<'result'>
}

/** What a run has come to, worked out from its events and nothing else. */
export interface RunState {
  started: EventOf<'started'>
  limits: Limits
  steps: EventOf<'step'>[]
  calls: CallState[]
  tokens: number
  /** null: a part of it is unknown. */
  costUsd: number | null
  /** Time of the model and of the tools; calls that were made together count once. */
  workMs: number
  /** undefined: it goes on. */
  stopped: EventOf<'stopped'> | undefined
}

/** Throws when the events do not begin with `started`. */
export function stateOf(events: readonly RunEvent[]): RunState {
  const [started, ...rest] = events
  if (started?.type !== 'started') throw new Error('a run begins with the event "started"')
  const state: RunState = {
    ...{ started, limits: started.limits, steps: [], calls: [] },
    ...{ tokens: 0, costUsd: 0, workMs: 0, stopped: undefined },
  }
  for (const event of rest) apply(state, event)
  state.workMs += toolTime(state)
  return state
}

function apply(state: RunState, event: RunEvent): void {
  switch (event.type) {
    case 'started':
      return
    case 'resumed':
      state.limits = event.limits
      state.stopped = undefined
      return
    case 'step':
      state.steps.push(event)
      state.workMs += event.ms
      spend(state, event)
      state.calls.push(...event.calls.map((call) => ({ ...call, step: state.steps.length })))
      return
    case 'decision':
    case 'called':
    case 'result':
      note(state, event)
      return
    case 'stopped':
      state.stopped = event
      state.workMs += event.ms
      spend(state, event)
      return
    default:
      event satisfies never
  }
}

function note(state: RunState, event: EventOf<'decision' | 'called' | 'result'>): void {
  const call = state.calls.find(({ id, result }) => id === event.call && result === undefined)
  if (call === undefined) return
  if (event.type === 'decision') call.decision = event
  if (event.type === 'called') call.called = event
  if (event.type === 'result') call.result = event
}

function spend(state: RunState, { usage }: Pick<EventOf<'stopped'>, 'usage'>): void {
  if (usage === undefined) return
  state.tokens += usage.inputTokens + usage.outputTokens
  state.costUsd = state.costUsd === null || usage.costUsd === null ? null : state.costUsd + usage.costUsd
}

function toolTime({ steps, calls }: RunState): number {
  const slowest = steps.map((_, index) =>
    Math.max(0, ...calls.filter(({ step }) => step === index + 1).map(({ result }) => result?.ms ?? 0)),
  )
  return slowest.reduce((sum, ms) => sum + ms, 0)
}

/** What the model asked for and has no answer to. */
export function pendingCalls({ calls }: RunState): CallState[] {
  return calls.filter(({ result }) => result === undefined)
}

/** What the model said last. */
export function answerOf({ steps }: RunState): string {
  return steps.at(-1)?.text ?? ''
}
