import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { InputError } from '../console/errors.ts'
import { MAX_INPUT_BYTES, readDocuments } from '../console/input.ts'
import type { Note } from './sections.ts'

export interface ReadNotes {
  notes: Note[]
  /** One line for each file that looked like a note and was left out: its name and why. */
  skipped: string[]
}

const NO_INPUT = Readable.from([]) // standard input is for questions
const NOTE = /\.(?:md|markdown|txt)$/i
const MAX_ENTRIES = 20_000 // a folder with more than that is not a notes folder but, say, a home directory

/**
 * Reads every note below a folder, or one file. All of them are read before the first question, and from then on a note is a
 * name in memory: no path that a question or a model comes up with ever reaches the disk.
 * Not followed: symbolic links. Not read: files with several hard links, since one of those may belong elsewhere, and
 * anything that is no regular file. Throws `InputError` when there is nothing to chat about.
 */
export async function readNotes(path: string, signal: AbortSignal): Promise<ReadNotes> {
  if (path === '-') throw new InputError('Notes cannot come from standard input', 'Name a folder or a file.')
  const root = await realpath(path).catch(() => undefined)
  if (root === undefined || !(await lstat(root)).isDirectory()) {
    const documents = await readDocuments([path], NO_INPUT, signal)
    return { notes: documents.map(({ text }) => ({ name: basename(path), text })), skipped: [] }
  }
  const result = await readFolder(root, signal)
  if (result.notes.length > 0) return result
  const why = result.skipped.length > 0 ? ` (${result.skipped[0]})` : ''
  throw new InputError(`${path} holds no notes that can be read${why}`, 'Put .md or .txt files into it.')
}

async function readFolder(root: string, signal: AbortSignal): Promise<ReadNotes> {
  const result: ReadNotes = { notes: [], skipped: [] }
  let bytes = 0
  for await (const name of filesBelow(root)) {
    signal.throwIfAborted()
    const note = await readNote(root, name, signal)
    if (typeof note === 'string') {
      result.skipped.push(`${name}: ${note}`)
      continue
    }
    bytes += Buffer.byteLength(note.text)
    if (bytes > MAX_INPUT_BYTES)
      throw tooMuch(root, `more than ${MAX_INPUT_BYTES / 1024 / 1024} MiB of notes`)
    result.notes.push(note)
  }
  return result
}

/** The note, or why it is left out. One bad file does not keep anyone from the others. */
async function readNote(root: string, name: string, signal: AbortSignal): Promise<Note | string> {
  const path = join(root, name)
  const stats = await lstat(path)
  if (stats.isSymbolicLink()) return 'a symbolic link, not followed'
  if (!stats.isFile()) return 'not a regular file'
  if (stats.nlink > 1) return 'has several hard links, one of which may belong elsewhere'
  try {
    const [document] = await readDocuments([path], NO_INPUT, signal)
    return { name, text: document?.text ?? '' }
  } catch (error) {
    if (error instanceof InputError) return error.message.replace(`${path} `, '')
    throw error
  }
}

/** Names of what looks like a note, in a stable order. Hidden folders and `node_modules` are somebody else's. */
async function* filesBelow(root: string): AsyncGenerator<string> {
  const folders = ['']
  let entries = 0
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const found = await readdir(join(root, folder), { withFileTypes: true })
    entries += found.length
    if (entries > MAX_ENTRIES) throw tooMuch(root, `more than ${MAX_ENTRIES} files`)
    found.sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of found) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (entry.isDirectory()) folders.push(name)
      else if (NOTE.test(entry.name)) yield name
    }
  }
}

function tooMuch(path: string, what: string): InputError {
  return new InputError(`${path} holds ${what}`, 'Name a smaller folder.')
}
