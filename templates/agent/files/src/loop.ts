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
 * must stop.
 *
 * Every round derives its state from the run's log and from nothing else, so a run that was killed at any
 * point continues here. The loop ends with a stop reason in the log, with one exception: while a call waits
 * for a person's decision the run stays open.
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
