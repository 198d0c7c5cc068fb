import type { Dirent } from 'node:fs'
import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InputError } from '#kit/console/errors'
import { getEnding } from './ending.ts'
import { BadFile, explainSkip, toBadFile } from './file.ts'

/** The source of documents: a folder, or one file in it. */
export interface Folder {
  /** Absolute, without symbolic links. */
  root: string
  /** The name of the only document, if the user named a file instead of a folder. */
  only?: string
}

export interface FoundFile {
  /** The path below the root, with forward slashes. */
  name: string
  bytes: number
  /** Milliseconds since 1970. */
  modified: number
}

/** A file that looks like a document, or a folder (`name/`), that is skipped, and why. */
export interface SkippedFile {
  name: string
  skipped: string
}

export interface WalkOptions {
  /**
   * In lower case and with the dot, such as `.md`; `readme` is the file of that name without an ending.
   * A file that the user named directly may have any extension.
   */
  extensions: readonly string[]
  signal: AbortSignal
  /**
   * Maximum number of files and folders, hidden ones aside.
   * Default 500,000: more is probably a home directory.
   */
  maxEntries?: number
  /** Called for each file that has another ending, and for each link to a folder. */
  onUnread?: (name: string, kind: 'file' | 'linked folder') => void
}

const MAX_ENTRIES = 500_000

/**
 * Opens the folder or file that the user named, and follows a symbolic link there.
 * Throws `InputError` if it doesn't exist or can't be read.
 */
export async function openFolder(path: string): Promise<Folder> {
  const root = await realpath(path).catch((error: unknown) => {
    throw toFolderError(path, error)
  })
  const stats = await lstat(root)
  if (stats.isDirectory()) return { root }
  const refusal = explainSkip(stats)
  if (refusal === undefined) return { root: dirname(root), only: basename(root) }
  throw new InputError(`${path} cannot be read: ${refusal}`, 'Name a folder of documents, or one document.')
}

/**
 * Yields every document below a folder in a stable order: a folder's files by name, then its subfolders.
 * Reads one folder at a time, so that a large tree costs little memory.
 * Omits hidden files and `node_modules`. Reports links, pipes and the like with a document's name as skipped,
 * and unreadable folders too. Throws `InputError` if the folder itself can't be read or holds too many
 * entries, and the signal's reason when aborted.
 */
export async function* walkFiles(
  folder: Folder,
  { extensions, signal, maxEntries = MAX_ENTRIES, onUnread }: WalkOptions,
): AsyncGenerator<FoundFile | SkippedFile> {
  if (folder.only !== undefined) {
    yield await lookUp(folder.root, folder.only)
    return
  }
  const folders = ['']
  let room = maxEntries
  for (let parent = folders.pop(); parent !== undefined; parent = folders.pop()) {
    signal.throwIfAborted()
    const entries = await readEntries(folder.root, parent, room)
    if (entries instanceof BadFile) {
      yield { name: `${parent}/`, skipped: entries.message }
      continue
    }
    room -= entries.length
    if (room < 0)
      throw new InputError(`${folder.root} holds more than ${maxEntries} files`, 'Name a smaller folder.')
    const named = entries.map((entry) => ({ entry, name: parent ? `${parent}/${entry.name}` : entry.name }))
    for (const { entry, name } of named) {
      if (entry.isDirectory()) continue
      signal.throwIfAborted()
      const isFolderLink = entry.isSymbolicLink() && (await leadsToFolder(join(folder.root, name)))
      if (isFolderLink || !extensions.includes(getEnding(name)))
        onUnread?.(name, isFolderLink ? 'linked folder' : 'file')
      else yield await lookUp(folder.root, name)
    }
    // Pushed in reverse order, so that the first folder is popped first.
    for (const { entry, name } of named.reverse()) if (entry.isDirectory()) folders.push(name)
  }
}

async function leadsToFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
}

async function lookUp(root: string, name: string): Promise<FoundFile | SkippedFile> {
  try {
    const stats = await lstat(join(root, name))
    const skipped = explainSkip(stats)
    return skipped === undefined ? { name, bytes: stats.size, modified: stats.mtimeMs } : { name, skipped }
  } catch (error) {
    const reason = toBadFile(error)
    if (reason instanceof BadFile) return { name, skipped: reason.message }
    throw error
  }
}

/**
 * Returns the entries of one folder by name, at most `room` + 1 of them, or the reason why it can't be read.
 * Throws `InputError` for the root.
 */
async function readEntries(root: string, parent: string, room: number): Promise<Dirent[] | BadFile> {
  const path = join(root, parent)
  const entries: Dirent[] = []
  try {
    // The folder may have been replaced by a link since it was listed.
    if ((await realpath(path)) !== path) return new BadFile('a symbolic link, not followed')
    for await (const entry of await opendir(path, { bufferSize: 1024 })) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (entries.push(entry) > room) break
    }
  } catch (error) {
    if (parent === '') throw toFolderError(path, error)
    const reason = toBadFile(error)
    if (reason instanceof BadFile) return reason
    throw error
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function toFolderError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new InputError(`${path} does not exist`, 'Name a folder of documents, or one document.')
    case 'EACCES':
    case 'EPERM':
      return new InputError(`${path} may not be read`, 'Check its permissions with ls -ld.')
    case 'ELOOP':
      return new InputError(`${path} is a symbolic link that leads back to itself`, 'Name the folder itself.')
    default:
      return new InputError(
        `${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
        'Check the path.',
      )
  }
}
