import { statfs } from 'node:fs/promises'
import { StoreError } from '#kit/store/store'

/** What an embedded database needs besides its data: a new directory takes 40 MiB, and its log grows by 16 MiB at a time. */
const MIB = 1024 * 1024
const LEAST = 128 * MIB

/**
 * Refuses to write on a disk that is nearly full: PGlite does not end when there is no room left in the middle of a write, it tries for ever.
 * `free` gives the bytes that are left where a path is.
 */
export async function refuseFullDisk(path: string, name: string, free = freeBytes): Promise<void> {
  const left = await free(path)
  if (left >= LEAST) return
  throw new StoreError(
    `${name} has ${Math.floor(left / MIB)} MiB of disk left and needs ${LEAST / MIB}`,
    'Make room, or put the index somewhere else with --index. What was written is whole; the same command goes on from there.',
  )
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}
