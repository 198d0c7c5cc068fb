import { randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { InputError } from './errors.ts'

/** What the owner of a lock is told when another process has it. */
export interface LockMessages {
  /** `This session is open in another chat` */
  taken: string
  /** `Close it there, or choose another session` */
  hint: string
}

/** Locks of this process: in a container every process is number 1, also the one that was killed before it. */
const held = new Set<string>()

/**
 * Takes a lock that lives as long as this process, and returns what gives it back. Throws `InputError` when another process
 * has it, or may have it on another machine. The lock of a process that is gone is taken over, by whoever is first to create a
 * marker named after that very lock.
 */
export async function takeLock(path: string, messages: LockMessages): Promise<() => Promise<void>> {
  const token = randomUUID()
  const mine = `${process.pid} ${token} ${hostname()}`
  held.add(token)
  try {
    if (!(await create(path, mine))) await takeOver(path, mine, messages)
  } catch (error) {
    held.delete(token)
    throw error
  }
  return async () => {
    held.delete(token)
    if ((await contentOf(path)) === mine) await rm(path)
  }
}

async function takeOver(path: string, mine: string, messages: LockMessages): Promise<void> {
  const theirs = await contentOf(path)
  const [pid = '', token = '', host = ''] = theirs.split(' ')
  const isReadable = /^\d+$/.test(pid) && /^[\da-f-]{36}$/.test(token)
  if (!isReadable || host !== hostname() || isAlive(Number(pid), token)) throw taken(path, pid, messages)
  const marker = `${path}.${token}`
  if (!(await create(marker, mine))) throw taken(path, pid, messages)
  try {
    // Between reading and marking, the lock may already have changed hands.
    if ((await contentOf(path)) !== theirs) throw taken(path, pid, messages)
    await writeFile(path, mine)
  } finally {
    await rm(marker)
  }
}

async function create(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function contentOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

function isAlive(pid: number, token: string): boolean {
  if (pid === process.pid) return held.has(token)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function taken(path: string, pid: string, { taken, hint }: LockMessages): InputError {
  return new InputError(
    `${taken} (process ${pid || 'unknown'})`,
    `${hint}. If no such process is running, remove ${path}`,
  )
}
