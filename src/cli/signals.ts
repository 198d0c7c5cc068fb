import { Cancelled, type StopSignal } from '../core/errors.ts'

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs `work` with a signal that is aborted, with a `Cancelled` as its reason, when the process is asked to stop, so that every room can
 * clean up. Asking again changes nothing: stopping takes a second or two at most, and cutting it short would leave something behind.
 */
export async function untilSignalled<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = (name: StopSignal) => controller.abort(new Cancelled(name))
  for (const name of SIGNALS) process.on(name, stop)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of SIGNALS) process.removeListener(name, stop)
  }
}
