import { actOnAll } from './act.ts'
import { decide } from './decide.ts'
import { findStop } from './run/budgets.ts'
import { StepClock } from './run/clock.ts'
import { endAfterError, endRun, findAbort } from './run/end.ts'
import { type Run, readState } from './run/run.ts'
import { listPendingCalls, type RunState } from './run/state.ts'
import { think } from './think.ts'

/**
 * The whole agent: ask the model, make the tool calls it asks for, give it the results, until it answers or
 * must stop. Returns the state that it leaves.
 *
 * Every round derives its state from the run's log and from nothing else, so a run that was killed at any
 * point continues here. A round is:
 * 1. If the run must stop (`findStop`) or was aborted (`findAbort`), it ends with that (`endRun`).
 * 2. `decide` asks a person about the pending calls that need it. That is no work: the time limit (`StepClock`)
 *    counts from here on.
 * 3. The pending calls are made (`actOnAll`), or if there are none, the model is asked (`think`); both get the
 *    clock's signal. While a call waits for a decision the run stays open: the state is returned, without a
 *    stop reason.
 * An error in 2 or 3 ends the run with the reason that fits it (`endAfterError`).
 */
export async function runLoop(run: Run): Promise<RunState> {
  for (;;) {
    const stop = findStop(readState(run)) ?? findAbort(run)
    if (stop) return endRun(run, stop)
    const clock = new StepClock(run)
    try {
      await decide(run)
      // Waiting for a person is over: from here on the time limit counts.
      const progress = await takeStep(run, clock.start())
      if (progress === 'waiting') return readState(run)
    } catch (error) {
      return endAfterError(run, error, clock)
    }
  }
}

/**
 * One reply of the model, or the calls that its last reply asked for. `waiting`: a call has no decision yet.
 */
async function takeStep(run: Run, signal: AbortSignal): Promise<'made' | 'waiting'> {
  const state = readState(run)
  const calls = listPendingCalls(state)
  if (calls.length > 0) return actOnAll(run, calls, signal)
  await think(run, state, signal)
  return 'made'
}
