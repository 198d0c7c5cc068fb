import { DOCUMENT_EXTENSIONS, readDocument, type SourceDocument } from '#kit/documents/document'
import { BadFile } from '#kit/files/file'
import { type Folder, openFolder, walkFiles } from '#kit/files/folder'
import { checkName, createNamed } from '#kit/files/named'
import { type Chunk, chunkDocument } from '#kit/retrieval/chunk'
import { LexicalIndex } from '#kit/retrieval/lexical-index'
import { canBeNamed, checkVisible } from './names.ts'

export interface NoteInfo {
  /** Path below the folder, with forward slashes. */
  name: string
  bytes: number
  /** Milliseconds since 1970. */
  modified: number
}

export interface NoteList {
  /** Every readable note, in a stable order. */
  notes: NoteInfo[]
  /** Names of notes and folders (`name/`) that can't be read or named. */
  leftOut: string[]
}

export interface Hit {
  chunk: Chunk
  score: number
}

export interface LookOptions {
  signal: AbortSignal
  /** Called after each new or changed note that was read. */
  onProgress?: (done: number, total: number) => void
}

const MAX_ENTRIES = 50_000 // a folder with more is, say, a home directory
const NEW_NOTES = { extensions: ['.md', '.txt'] }
const ALL_NOTES = { extensions: DOCUMENT_EXTENSIONS }

interface IndexedNote {
  info: NoteInfo
  /** False: the note can't be read, and is left out. */
  isReadable: boolean
  chunks: readonly Chunk[]
}

/**
 * The notes below one folder, with a lexical index in memory. Each call first looks at the folder again: it
 * compares sizes and times, and reads only notes that are new or have changed. Names come from clients and
 * models, so every path goes through `kit/files`, which follows no link out of the folder.
 */
export class Notes {
  readonly #folder: Folder
  /** Called after `add`. */
  readonly onAdded = new Set<() => void>()
  #indexed = new Map<string, IndexedNote>()
  #skipped: string[] = []
  #index = new LexicalIndex<Chunk>([])
  #lastRefresh: Promise<void> = Promise.resolve()

  private constructor(folder: Folder) {
    this.#folder = folder
  }

  /** Opens a folder, or one file. Reads no note yet. Throws `InputError` when the path does not exist. */
  static async open(path: string): Promise<Notes> {
    return new Notes(await openFolder(path))
  }

  async list(options: LookOptions): Promise<NoteList> {
    await this.#refresh(options)
    const all = [...this.#indexed.values()]
    const unreadable = all.filter(({ isReadable }) => !isReadable).map(({ info }) => info.name)
    return { notes: this.#readable(), leftOut: [...this.#skipped, ...unreadable] }
  }

  /**
   * Passages that share words with the query, best first; for a query of stop words alone, the beginnings of
   * notes.
   */
  async search(query: string, limit: number, options: LookOptions): Promise<{ hits: Hit[]; total: number }> {
    await this.#refresh(options)
    return { hits: this.#index.find(query, limit), total: this.#readable().length }
  }

  /** Throws `BadFile` when the name is not that of a note here, or the note can't be read. */
  async read(name: string, { signal }: LookOptions): Promise<SourceDocument> {
    const { root, only } = this.#folder
    if (name !== only) this.#checkExisting(name)
    return await readDocument(root, name, signal)
  }

  /**
   * Creates a note. Throws `BadFile` when the name is taken, leads out of the folder, or hides characters.
   */
  async add(name: string, text: string): Promise<void> {
    if (this.#folder.only !== undefined) throw new BadFile('one file is served here, and no folder')
    checkVisible(name)
    await createNamed(this.#folder.root, name, text, NEW_NOTES).catch((error: unknown) => {
      throw rewordWriteError(error)
    })
    for (const notify of this.onAdded) notify()
  }

  #readable(): NoteInfo[] {
    return [...this.#indexed.values()].filter(({ isReadable }) => isReadable).map(({ info }) => info)
  }

  #checkExisting(name: string): void {
    checkName(name, ALL_NOTES)
    if (!canBeNamed(name)) throw new BadFile('not the name of a note')
    if (this.#folder.only !== undefined) throw new BadFile('not the file that is served here')
  }

  /** One refresh at a time: two calls that arrive together read a changed note once. */
  #refresh(options: LookOptions): Promise<void> {
    this.#lastRefresh = this.#lastRefresh.catch(() => {}).then(() => this.#update(options))
    return this.#lastRefresh
  }

  async #update({ signal, onProgress }: LookOptions): Promise<void> {
    const found = await this.#findNotes(signal)
    const changed = found.filter((info) => !isSameEdit(this.#indexed.get(info.name)?.info, info))
    if (changed.length === 0 && found.length === this.#indexed.size) return
    const fresh = new Map<string, IndexedNote>()
    for (const [done, info] of changed.entries()) {
      signal.throwIfAborted()
      fresh.set(info.name, await this.#indexNote(info, signal))
      onProgress?.(done + 1, changed.length)
    }
    const notes = found.flatMap(({ name }) => fresh.get(name) ?? this.#indexed.get(name) ?? [])
    this.#indexed = new Map(notes.map((note) => [note.info.name, note]))
    this.#index = new LexicalIndex(notes.flatMap(({ chunks }) => chunks))
  }

  async #findNotes(signal: AbortSignal): Promise<NoteInfo[]> {
    const found: NoteInfo[] = []
    const skipped: string[] = []
    for await (const file of walkFiles(this.#folder, { ...ALL_NOTES, signal, maxEntries: MAX_ENTRIES })) {
      if ('skipped' in file || !canBeNamed(file.name)) skipped.push(file.name)
      else found.push(file)
    }
    this.#skipped = skipped
    return found
  }

  async #indexNote(info: NoteInfo, signal: AbortSignal): Promise<IndexedNote> {
    try {
      const document = await readDocument(this.#folder.root, info.name, signal)
      return { info, isReadable: true, chunks: chunkDocument(document) }
    } catch (error) {
      if (error instanceof BadFile) return { info, isReadable: false, chunks: [] }
      throw error
    }
  }
}

/** The operating system's reason, which `kit/files` words as a failure to read. */
function rewordWriteError(error: unknown): unknown {
  const cause = error instanceof BadFile ? error.cause : undefined
  if (!(cause instanceof Error) || !('code' in cause)) return error
  return new BadFile(`cannot be written (${cause.code})`, { cause })
}

function isSameEdit(known: NoteInfo | undefined, found: NoteInfo): boolean {
  return known !== undefined && known.bytes === found.bytes && known.modified === found.modified
}
