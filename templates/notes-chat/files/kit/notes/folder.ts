import { InputError } from '#kit/console/errors'
import { MAX_INPUT_BYTES } from '#kit/console/input'
import { FORMATS, listEndings, readFormat } from '#kit/documents/formats'
import { UnreadCount } from '#kit/documents/unread'
import { BadFile, readBelow } from '#kit/files/file'
import { openFolder, walkFiles } from '#kit/files/folder'
import { decodeText } from '#kit/files/text'

/** A note as read from disk: `name` is its path below the notes folder, with forward slashes. */
export interface Note {
  name: string
  text: string
}

export interface ReadNotes {
  notes: Note[]
  /** One line for each file with a note's extension that was left out: its name and the reason. */
  skipped: string[]
  /** One line that counts the files with other endings, and linked folders. */
  unread?: string | undefined
}

const EXTENSIONS = listEndings(FORMATS)
/** Read as they are written. */
const PLAIN = /\.(?:md|markdown|txt)$/i
const MAX_ENTRIES = 20_000 // a folder with more files is a home directory rather than a folder of notes

/**
 * Reads every note below a folder, or one file. It reads all of them before the first question; from then on
 * a note is a name in memory, so no path from a question or a model ever reaches the disk. Throws
 * `InputError` when there are no notes, or more than 16 MiB of them.
 */
export async function readNotes(path: string, signal: AbortSignal): Promise<ReadNotes> {
  if (path === '-') throw new InputError('Notes cannot come from standard input', 'Name a folder or a file.')
  const folder = await openFolder(path)
  const { root } = folder
  const notes: Note[] = []
  const skipped: string[] = []
  let room = MAX_INPUT_BYTES
  const count = new UnreadCount()
  const onUnread = count.add.bind(count)
  const walk = { extensions: EXTENSIONS, signal, maxEntries: MAX_ENTRIES, onUnread }
  for await (const file of walkFiles(folder, walk)) {
    const note = 'skipped' in file ? file.skipped : await readNote(root, file.name, signal)
    if (typeof note === 'string') {
      skipped.push(`${file.name}: ${note}`)
      continue
    }
    room -= Buffer.byteLength(note.text)
    if (room < 0) throw toTooMuchError(path)
    notes.push(note)
  }
  const unread = count.format()
  if (notes.length > 0) return { notes, skipped, unread }
  const [reason = unread] = skipped
  const why = reason === undefined ? '' : ` (${reason})`
  throw new InputError(`${path} holds no notes that can be read${why}`, 'Put .md or .txt files into it.')
}

/** The note, or the reason for leaving it out: one bad file must not hide the others. */
async function readNote(root: string, name: string, signal: AbortSignal): Promise<Note | string> {
  try {
    if (!PLAIN.test(name)) return { name, text: (await readFormat(FORMATS, root, name, signal)).text }
    const text = decodeText(await readBelow(root, name, MAX_INPUT_BYTES, signal))
    return /[\p{L}\p{N}]/u.test(text) ? { name, text } : 'no text in it'
  } catch (error) {
    if (error instanceof BadFile) return error.message
    throw error
  }
}

function toTooMuchError(path: string): InputError {
  const limit = `${MAX_INPUT_BYTES / 1024 / 1024} MiB`
  return new InputError(`${path} holds more than ${limit} of notes`, 'Name a smaller folder.')
}
