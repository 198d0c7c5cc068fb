import { LlmError } from '#kit/llm/errors'
import { act } from './act.ts'
import { decide } from './decide.ts'
import { inParallel } from './parallel.ts'
import { whyStop } from './run/budgets.ts'
import { currentState, type Run, record } from './run/run.ts'
import { inAgentSpan } from './run/spans.ts'
import { pendingCalls, type RunState } from './run/state.ts'
import { settings } from './settings.ts'
import { think, unbilled } from './think.ts'

/**
 * The whole loop: ask the model, make the calls that it asks for, give it the results, until it answers or has to stop. What comes next depends on the log
 * of the run and on nothing else, so a run that was killed at any point goes on here as if nothing had been.
 *
 * Ends with a stop reason in the log, always; except that a run whose calls wait for a decision is left as it is, to go on when there is one.
 */
export function runLoop(run: Run): Promise<RunState> {
  return inAgentSpan(run, () => loop(run))
}

async function loop(run: Run): Promise<RunState> {
  for (;;) {
    const state = currentState(run)
    const stop = whyStop(state)
    if (stop) return ended(run, { ...stop, ms: 0 })
    if (run.signal.aborted) return ended(run, aborted(run))
    try {
      await decide(run)
    } catch (error) {
      return failed(run, error)
    }
    const startedAt = performance.now()
    const timeLeft = AbortSignal.timeout(Math.ceil(state.limits.timeMs - state.workMs))
    try {
      const isWaiting = await work(run, AbortSignal.any([run.signal, timeLeft]))
      // A decision is missing; the other calls of this step are made.
      if (isWaiting) return currentState(run)
    } catch (error) {
      const ms = Math.ceil(performance.now() - startedAt)
      return failed(run, error, { ms, isLate: timeLeft.aborted })
    }
  }
}

/** One call of the model, or the calls that it has asked for. Gives whether one of them waits for a decision. */
async function work(run: Run, signal: AbortSignal): Promise<boolean> {
  const state = currentState(run)
  const calls = pendingCalls(state)
  if (calls.length === 0) {
    await think(run, state, signal)
    return false
  }
  const made = await inParallel(calls, settings.parallelCalls, (call) => act(run, call, signal))
  return made.includes('waiting')
}

/** Writes down why the run ends. Throws what is a bug, or a full disk. */
async function failed(
  run: Run,
  error: unknown,
  { ms, isLate } = { ms: 0, isLate: false },
): Promise<RunState> {
  if (run.signal.aborted) return ended(run, { ...aborted(run), ms })
  if (isLate) {
    const detail = `${currentState(run).limits.timeMs} ms of work are over`
    return ended(run, { reason: 'time', detail, ms })
  }
  if (error instanceof LlmError) {
    const reason = error.kind === 'cost' ? 'cost' : 'model-failed'
    return ended(run, { reason, detail: `${error.message}. ${error.hint}`, ms, ...unbilled(error) })
  }
  const detail = error instanceof Error ? error.message : String(error)
  // The log may be what cannot be written.
  await ended(run, { reason: 'crashed', detail, ms }).catch(() => undefined)
  throw error
}

type Ending = Omit<Extract<Parameters<typeof record>[1], { type: 'stopped' }>, 'type'>

async function ended(run: Run, ending: Ending): Promise<RunState> {
  await record(run, { type: 'stopped', ...ending })
  return currentState(run)
}

function aborted({ signal }: Run): Ending {
  const detail = signal.reason instanceof Error ? signal.reason.message : 'stopped from outside'
  return { reason: 'aborted', detail, ms: 0 }
}
