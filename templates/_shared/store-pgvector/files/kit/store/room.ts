import { statfs } from 'node:fs/promises'
import { StoreError } from '#kit/store/store'

/**
 * An embedded database needs space besides its data: a new directory takes 40 MiB, and its log grows by
 * 16 MiB at a time.
 */
const MIB = 1024 * 1024
const LEAST = 128 * MIB

/**
 * Throws a StoreError if the disk is nearly full: when space runs out in the middle of a write, PGlite does
 * not end but retries forever. `free` returns the free bytes at a path.
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
