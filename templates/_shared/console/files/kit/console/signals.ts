import process from 'node:process'

export type CaughtSignal = 'SIGINT' | 'SIGTERM'

const SIGNALS: readonly CaughtSignal[] = ['SIGINT', 'SIGTERM']
/** No one presses Ctrl-C twice in this time. */
const ECHO_MS = 300

/**
 * Calls `stop` for the first Ctrl-C or SIGTERM. A second one ends the process at once, except the echo of the first:
 * a terminal sends Ctrl-C to npm and to its program, and npm passes it on to the program.
 */
export function catchSignals(stop: (signal: CaughtSignal) => void): void {
  const echoMs = process.env['npm_lifecycle_event'] === undefined ? 0 : ECHO_MS
  let stoppedAt: number | undefined
  const handle = (signal: CaughtSignal) => {
    if (stoppedAt === undefined) {
      stoppedAt = performance.now()
      return stop(signal)
    }
    if (performance.now() - stoppedAt < echoMs) return
    for (const name of SIGNALS) process.off(name, handle)
    process.kill(process.pid, signal)
  }
  for (const name of SIGNALS) process.on(name, handle)
}
