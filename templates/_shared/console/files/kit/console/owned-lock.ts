import { readFile, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isRunning } from './is-running.ts'
import { createFile, replaceFile } from './replace-file.ts'

export type LockAttempt =
  | { kind: 'held'; release: () => Promise<void> }
  /** `pid` is empty when the file does not say. */
  | { kind: 'taken'; pid: string }

export interface LockOptions {
  /** For locks that are held for moments: one of this age was left by a machine that went down, even if a process has its owner's number now. Default: never. */
  staleMs?: number
}

/** Locks of this process: in a container every process is number 1, also the one that was killed before it. */
const held = new Set<string>()

/**
 * Tries once to take a lock: a file that names its owner, and is there whole or not at all. The lock of a process that is gone is taken over, by whichever process
 * is first to create a marker named after that very lock. One that another machine has, or that names no owner, is only taken over when it is stale.
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

/** From before the file is there, so that this process never takes its own lock for one that was left behind. */
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
  if (!(await createFile(marker, mine, { mode: 0o600 }))) return false
  try {
    // Between reading and marking, the lock may already have changed hands.
    if ((await readLockFile(path)) !== theirs) return false
    await replaceFile(path, mine, { mode: 0o600 })
    return true
  } finally {
    await rm(marker, { force: true })
  }
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

/** Empty strings when the content is not that of a lock. */
function parseOwner(content: string): { pid: string; token: string; host: string } {
  const [, pid = '', token = '', host = ''] = /^(\d+) ([\w-]{8,40}) (.*)$/s.exec(content) ?? []
  return { pid, token, host }
}

/** undefined: the file does not exist. A folder reads as an empty string. */
async function readLockFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR') return ''
    throw error
  }
}
