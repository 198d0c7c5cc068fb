import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { withoutControls } from '../../core/text.ts'
import { explainedInPlace } from '../explain.ts'
import { isAlive } from '../processes.ts'

const WAIT_MS = 15
const PATIENCE_MS = 20_000
/** Longer than any write takes: a lock of this age was left by a machine that went down, whoever has its process id now. */
const STALE_MS = 60_000

/**
 * Runs `work` while no other process does so for the same lock. The lock is a directory, because `mkdir` succeeds for exactly one; that of a process that died is
 * taken over. Throws a UserError when the other does not let go.
 */
export async function locked<T>(lock: string, work: () => T | Promise<T>): Promise<T> {
  await acquire(lock)
  try {
    return await work()
  } finally {
    release(lock)
  }
}

/** Never recursive: between the two calls the next owner may have moved in. */
function release(lock: string): void {
  try {
    rmSync(join(lock, 'owner'), { force: true })
    rmdirSync(lock)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT' && code !== 'EEXIST') throw error
  }
}

async function acquire(lock: string): Promise<void> {
  const start = Date.now()
  while (!taken(lock)) {
    if (Date.now() - start > PATIENCE_MS)
      throw new UserError(
        `Another ai-eng-starter is writing: ${withoutControls(lock)}`,
        'Wait for it to end. If none runs, delete that directory',
      )
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS * (0.5 + Math.random())))
  }
}

/** Prepared beside and renamed into place, so that a lock without its owner's number never exists. */
function taken(lock: string): boolean {
  const mine = `${lock}.${process.pid}`
  prepare(mine, lock)
  try {
    renameSync(mine, lock)
    return true
  } catch (error) {
    rmSync(mine, { recursive: true, force: true })
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error
    removeDead(lock)
    return false
  }
}

function prepare(mine: string, lock: string): void {
  try {
    rmSync(mine, { recursive: true, force: true })
    mkdirSync(mine)
    writeFileSync(join(mine, 'owner'), String(process.pid))
  } catch (error) {
    rmSync(mine, { recursive: true, force: true })
    throw explainedInPlace(error, dirname(lock))
  }
}

/**
 * Takes a dead owner's file out of the lock, which leaves an empty directory that the next rename replaces. Only the file of that owner goes: it carries
 * the number in its name while it moves, so a lock that somebody else took in between is put back.
 */
function removeDead(lock: string): void {
  const owner = ownerOf(lock)
  if (owner === undefined || (isAlive(owner.pid) && owner.age < STALE_MS)) return
  const aside = join(lock, `dead-${owner.pid}`)
  try {
    renameSync(join(lock, 'owner'), aside)
    const isItsOwn = readFileSync(aside, 'utf8') === String(owner.pid)
    if (isItsOwn) rmSync(aside)
    else renameSync(aside, join(lock, 'owner'))
  } catch (error) {
    // Another waiting process was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function ownerOf(lock: string): { pid: number; age: number } | undefined {
  try {
    const pid = Number(readFileSync(join(lock, 'owner'), 'utf8'))
    return { pid, age: Date.now() - statSync(join(lock, 'owner')).mtimeMs }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
