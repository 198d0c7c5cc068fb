import { LlmError } from '#kit/llm/errors'
import { type NewEvent, type Run, readState, record } from './run.ts'
import type { RunState } from './state.ts'

type Ending = Omit<Extract<NewEvent, { type: 'stopped' }>, 'type' | 'ms'>

const NOTHING_SENT = { inputTokens: 0, outputTokens: 0, costUsd: 0 }

/** Writes the stop reason to the log. `ms` is work that no other event has counted. */
export async function endRun(run: Run, ending: Ending, ms = 0): Promise<RunState> {
  await record(run, { type: 'stopped', ms, ...ending })
  return readState(run)
}

/** The user, a request or a shutdown stopped the run from outside. */
export function findAbort({ signal }: Run): Ending | undefined {
  if (!signal.aborted) return undefined
  return { reason: 'aborted', detail: describeError(signal.reason) }
}

/**
 * Ends the run with the reason that fits the error. Rethrows a bug of ours, or a full disk, after the log
 * says `crashed`.
 */
export async function endAfterError(
  run: Run,
  error: unknown,
  { ms, isLate }: { ms: number; isLate: boolean },
): Promise<RunState> {
  const abort = findAbort(run)
  if (abort) return endRun(run, abort, ms)
  if (isLate) {
    const detail = `${readState(run).limits.timeMs} ms of work are over`
    return endRun(run, { reason: 'time', detail }, ms)
  }
  if (error instanceof LlmError) return endRun(run, explainModelError(error), ms)
  // The log may be the very thing that can't be written.
  await endRun(run, { reason: 'crashed', detail: describeError(error) }, ms).catch(() => undefined)
  throw error
}

/**
 * A call that the cost ceiling refused was never sent, so it cost nothing; what any other failed call cost is
 * unknown.
 */
function explainModelError({ kind, message, hint }: LlmError): Ending {
  const detail = `${message}. ${hint}`
  if (kind === 'cost') return { reason: 'cost', detail, usage: NOTHING_SENT }
  return { reason: 'model-failed', detail }
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
