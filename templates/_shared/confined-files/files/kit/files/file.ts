import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A file that can't be used.
 * The message is the reason in one line, without the file's name, which the caller knows.
 */
export class BadFile extends Error {
  override readonly name = 'BadFile'
}

/**
 * Reads one file below a folder opened by `openFolder`. The file may have been swapped since it was listed,
 * so this follows no symbolic link in any part of the name, doesn't block on a pipe, and stops reading a file
 * that is larger than `maxBytes` or grows. Throws `BadFile`, or the signal's reason when aborted.
 */
export async function readBelow(
  root: string,
  name: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  signal.throwIfAborted()
  const handle = await openBelow(root, name)
  try {
    const stats = await handle.stat()
    const refusal = explainSkip(stats)
    if (refusal !== undefined) throw new BadFile(refusal)
    if (stats.size > maxBytes)
      throw new BadFile(`larger than ${Math.floor(maxBytes / 1024 / 1024)} MiB: split it`)
    await assertSameFile(root, name, stats)
    return await readWhole(handle, stats.size, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw toBadFile(error)
  } finally {
    await handle.close()
  }
}

/** Returns why a file with a document's name is skipped; undefined if it can be read. */
export function explainSkip(stats: Stats): string | undefined {
  if (stats.isSymbolicLink()) return 'a symbolic link, not followed'
  if (!stats.isFile()) return 'not a regular file'
  if (stats.nlink > 1) return 'has several hard links, one of which may belong elsewhere'
  return undefined
}

async function openBelow(root: string, name: string): Promise<FileHandle> {
  if (name.split(/[/\\]/).some((part) => part === '' || part === '.' || part === '..'))
    throw new BadFile('not below the folder')
  // Without O_NONBLOCK, opening a pipe that has no writer would block forever.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW
  return await open(join(root, name), flags).catch((error: unknown) => {
    throw toBadFile(error)
  })
}

/**
 * Throws `BadFile` unless the opened file is the one at this path and no part of the path is a symbolic link:
 * O_NOFOLLOW checks only the last part.
 */
export async function assertSameFile(root: string, name: string, opened: Stats): Promise<void> {
  const place = join(await realpath(root), name)
  const found = await lstat(place)
  const same = found.ino === opened.ino && found.dev === opened.dev
  if (!same || (await realpath(place)) !== place)
    throw new BadFile('reached through a symbolic link, not followed')
}

const CHUNK_BYTES = 4 * 1024 * 1024

async function readWhole(handle: FileHandle, size: number, signal: AbortSignal): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size + 1)
  let length = 0
  while (length < buffer.length) {
    signal.throwIfAborted()
    const { bytesRead } = await handle.read(buffer, length, Math.min(CHUNK_BYTES, buffer.length - length))
    if (bytesRead === 0) return buffer.subarray(0, length)
    length += bytesRead
  }
  throw new BadFile('grew while it was read')
}

/** Converts an operating system error to a `BadFile`; returns any other error unchanged. */
export function toBadFile(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
  const why = REASONS[error.code] ?? `cannot be read (${error.code})`
  return new BadFile(why, { cause: error })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no longer there',
  ENOTDIR: 'no longer there',
  EACCES: 'may not be read: check its permissions with ls -l',
  EPERM: 'may not be read: check its permissions with ls -l',
  ELOOP: 'a symbolic link, not followed',
  ENXIO: 'not a regular file',
}
