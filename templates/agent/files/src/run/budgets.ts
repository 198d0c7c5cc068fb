import { fingerprint } from '../approval/fingerprint.ts'
import type { StopReason } from './events.ts'
import { pendingCalls, type RunState } from './state.ts'

export interface Stop {
  reason: StopReason
  /** One line: what was found, what is allowed. */
  detail: string
}

/** Why the run must not go on, if so. Looked at before every call of the model and of a tool, on the state alone. */
export function whyStop(state: RunState): Stop | undefined {
  const { limits, steps, tokens, costUsd, workMs } = state
  const pending = pendingCalls(state)
  if (steps.length > 0 && pending.length === 0 && steps.at(-1)?.calls.length === 0)
    return { reason: 'done', detail: 'there is an answer, and no call is open' }
  if (workMs >= limits.timeMs) return over('time', `${workMs} ms of work`, `${limits.timeMs} ms`)
  if (tokens >= limits.tokens) return over('tokens', `${tokens} tokens`, limits.tokens)
  if (limits.costUsd !== null && costUsd !== null && costUsd >= limits.costUsd && costUsd > 0)
    return over('cost', `$${costUsd.toFixed(4)}`, `$${limits.costUsd}`)
  const repeated = pending.find((call) => timesAsked(state, call) >= limits.identicalCalls)
  if (repeated)
    return over(
      'identical-calls',
      `${repeated.tool} with the same arguments`,
      `less than ${limits.identicalCalls} times`,
    )
  if (pending.length === 0 && steps.length >= limits.steps)
    return over('steps', `${steps.length} steps`, limits.steps)
  return undefined
}

function over(reason: StopReason, found: string, allowed: string | number): Stop {
  return { reason, detail: `${found}; allowed: ${allowed}` }
}

function timesAsked({ calls }: RunState, wanted: RunState['calls'][number]): number {
  const print = fingerprint(wanted)
  return calls.filter((call) => fingerprint(call) === print).length
}
