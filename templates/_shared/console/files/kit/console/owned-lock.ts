import { readFile, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isRunning } from './is-running.ts'
import { createFile, replaceFile } from './replace-file.ts'

export type LockAttempt =
  | { kind: 'held'; release: () => Promise<void> }
  /** `pid` is empty if the lock file doesn't name its owner. */
  | { kind: 'taken'; pid: string }

export interface LockOptions {
  /**
   * Milliseconds after which a lock counts as abandoned (a machine crashed), even if a running process has
   * its owner's pid. Only for locks that are held briefly. Default: never.
   */
  staleMs?: number
}

/**
 * Tokens of the locks that this process holds.
 * A pid alone is ambiguous: in a container the main process is always pid 1, as was its killed predecessor.
 */
const held = new Set<string>()

/**
 * Tries once to take a lock: a file that names its owner and is written whole or not at all.
 * If the owner's process has ended, the first process to create a marker file named after that lock takes it
 * over. A lock that belongs to another machine, or names no owner, is taken over only when it is stale.
 */
export async function tryLock(path: string, { staleMs }: LockOptions = {}): Promise<LockAttempt> {
  const token = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`
  const mine = `${process.pid} ${token} ${hostname()}`
  const isHeld = await takeOrHold(token, async () => {
    const theirs = await readLockFile(path)
    if (theirs === undefined) return createFile(path, mine, { mode: 0o600 })
    return (await isAbandoned(path, theirs, staleMs)) && takeOver(path, theirs, mine)
  })
  if (!isHeld) return { kind: 'taken', pid: parseOwner((await readLockFile(path)) ?? '').pid }
  const release = async () => {
    held.delete(token)
    if ((await readLockFile(path)) === mine) await rm(path, { force: true })
  }
  return { kind: 'held', release }
}

/**
 * Registers the token before the lock file exists, so that this process never takes its own
 * lock for an abandoned one.
 */
async function takeOrHold(token: string, take: () => Promise<boolean>): Promise<boolean> {
  held.add(token)
  let isHeld = false
  try {
    isHeld = await take()
    return isHeld
  } finally {
    if (!isHeld) held.delete(token)
  }
}

async function takeOver(path: string, theirs: string, mine: string): Promise<boolean> {
  const marker = `${path}.${parseOwner(theirs).token || 'unreadable'}`
  if (!(await createFile(marker, mine, { mode: 0o600 }))) {
    await removeDeadMarker(marker)
    return false
  }
  try {
    // Another process may have taken the lock over since it was read.
    if ((await readLockFile(path)) !== theirs) return false
    await replaceFile(path, mine, { mode: 0o600 })
    return true
  } finally {
    await rm(marker, { force: true })
  }
}

/**
 * A process that was killed while it took a lock over leaves its marker behind, and with it the lock could
 * never be taken again. Moves the marker away before it looks, so that only one process removes it.
 */
async function removeDeadMarker(marker: string): Promise<void> {
  const content = await readLockFile(marker)
  if (content === undefined) return
  const { pid, token, host } = parseOwner(content)
  if (host !== hostname() || isAlive(Number(pid), token)) return
  const aside = `${marker}.dead-${process.pid}`
  try {
    await rename(marker, aside)
  } catch {
    return // another process was first
  }
  // It may be a new marker by now, of a process that is at work: then that one has to find it again.
  if ((await readLockFile(aside)) === content) await rm(aside, { force: true })
  else await rename(aside, marker)
}

async function isAbandoned(
  path: string,
  content: string,
  staleMs = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const { pid, token, host } = parseOwner(content)
  if (pid !== '' && host === hostname() && !isAlive(Number(pid), token)) return true
  const written = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  )
  return Date.now() - written >= staleMs
}

function isAlive(pid: number, token: string): boolean {
  return pid === process.pid ? held.has(token) : isRunning(pid)
}

/** Returns empty strings if the content isn't that of a lock. */
function parseOwner(content: string): { pid: string; token: string; host: string } {
  const [, pid = '', token = '', host = ''] = /^(\d+) ([\w-]{8,40}) (.*)$/s.exec(content) ?? []
  return { pid, token, host }
}

/** Returns undefined if the file doesn't exist. A folder reads as an empty string. */
async function readLockFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR') return ''
    throw error
  }
}
