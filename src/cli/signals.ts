import { Cancelled, type StopSignal } from '../core/errors.ts'

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs `work` with an AbortSignal that aborts, with a `Cancelled` as its reason, when the process receives a
 * stop signal, so that all code below can clean up. Further stop signals have no effect: cleaning up takes a
 * second or two, and interrupting it would leave files behind.
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
