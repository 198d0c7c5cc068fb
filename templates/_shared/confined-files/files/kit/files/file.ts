import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/** A file that cannot be used. The message says why in one line, without the name, which the caller knows. */
export class BadFile extends Error {
  override readonly name = 'BadFile'
}

/**
 * The bytes of one file below a folder that was opened by `openFolder`. What was listed may have been swapped since: no symbolic link is followed, in no part of
 * the name, a pipe does not block, and what is larger than `maxBytes` or grows is not read to its end. Throws `BadFile`, and what the signal was aborted with.
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

/** The reason to skip a file that has a document's name; undefined when it can be read. */
export function explainSkip(stats: Stats): string | undefined {
  if (stats.isSymbolicLink()) return 'a symbolic link, not followed'
  if (!stats.isFile()) return 'not a regular file'
  if (stats.nlink > 1) return 'has several hard links, one of which may belong elsewhere'
  return undefined
}

async function openBelow(root: string, name: string): Promise<FileHandle> {
  if (name.split(/[/\\]/).some((part) => part === '' || part === '.' || part === '..'))
    throw new BadFile('not below the folder')
  // Without O_NONBLOCK, opening a pipe without a writer would block for ever.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW
  return await open(join(root, name), flags).catch((error: unknown) => {
    throw toBadFile(error)
  })
}

/** Throws `BadFile` unless the opened file is the one at this path, reached without a link: O_NOFOLLOW checks only the last part of a path. */
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

/** Turns an error of the operating system into a reason to skip the file; returns any other error unchanged. */
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
