import { fingerprintCall } from '../approval/fingerprint.ts'
import type { StopReason } from './events.ts'
import { listPendingCalls, type RunState } from './state.ts'

export interface Stop {
  reason: StopReason
  /** One line: what was found, what is allowed. */
  detail: string
}

/**
 * Why the run must stop here; undefined when it may continue. Checked before every call of the model or a
 * tool, on the state alone. Of several reasons the first of this list:
 * - `done`: the last step asked for no calls, and no earlier call is pending;
 * - `time`, `tokens`: the work or the tokens have reached their limit;
 * - `cost`: there is a limit, and a known cost above 0 has reached it;
 * - `identical-calls`: a pending call is, with itself, as often among all calls as the limit says. Calls are the
 *   same when their fingerprints are;
 * - `steps`: no call is pending, so the model would be next, and there are as many steps as allowed.
 */
export function findStop(state: RunState): Stop | undefined {
  const { limits, steps, tokens, costUsd, workMs } = state
  const pending = listPendingCalls(state)
  if (steps.length > 0 && pending.length === 0 && steps.at(-1)?.calls.length === 0)
    return { reason: 'done', detail: 'the model answered, and no call is open' }
  if (workMs >= limits.timeMs) return exceed('time', `${workMs} ms of work`, `${limits.timeMs} ms`)
  if (tokens >= limits.tokens) return exceed('tokens', `${tokens} tokens`, limits.tokens)
  if (limits.costUsd !== null && costUsd !== null && costUsd >= limits.costUsd && costUsd > 0)
    return exceed('cost', `$${costUsd.toFixed(4)}`, `$${limits.costUsd}`)
  const repeated = pending.find((call) => countSame(state, call) >= limits.identicalCalls)
  if (repeated)
    return exceed(
      'identical-calls',
      `${repeated.tool} with the same arguments`,
      `less than ${limits.identicalCalls} times`,
    )
  if (pending.length === 0 && steps.length >= limits.steps)
    return exceed('steps', `${steps.length} steps`, limits.steps)
  return undefined
}

function exceed(reason: StopReason, found: string, allowed: string | number): Stop {
  return { reason, detail: `${found}; allowed: ${allowed}` }
}

/** How often the model has asked for this very call. */
function countSame({ calls }: RunState, wanted: RunState['calls'][number]): number {
  const print = fingerprintCall(wanted)
  return calls.filter((call) => fingerprintCall(call) === print).length
}
