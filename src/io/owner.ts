import { createHash } from 'node:crypto'
import { readlinkSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { isRunning } from '../../templates/_shared/console/files/kit/console/is-running.ts'

/** Longer than any run writes: what another machine left and has not touched since then is abandoned. */
const STALE_MS = 10 * 60_000

/** Process ids mean something within one machine, and a container counts as one. */
const MACHINE = createHash('sha256').update(`${hostname()} ${readPidNamespace()}`).digest('hex').slice(0, 8)

/** Names this process to other runs: its id and a tag of its machine. Fits into a file name. */
export const OWNER = `${process.pid}-${MACHINE}`

function readPidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return '' // only Linux has them
  }
}

/**
 * Whether the process that an `OWNER` at the start of `text` names can no longer be at work on `path`: it
 * ended, or it ran on another machine and the path is old. False for this process and for a text that names
 * no process.
 */
export function isAbandoned(text: string, path: string): boolean {
  const [, pid, machine] = /^(\d+)(?:-([0-9a-f]{8}))?/.exec(text) ?? []
  if (pid === undefined) return false
  if ((machine ?? MACHINE) === MACHINE) return Number(pid) !== process.pid && !isRunning(Number(pid))
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return Date.now() - written >= STALE_MS
}
