import { DOCUMENT_EXTENSIONS, readDocument, type SourceDocument } from '../documents/document.ts'
import { BadFile } from '../files/file.ts'
import { type Folder, filesBelow, openFolder } from '../files/folder.ts'
import { checkName, createNamed } from '../files/named.ts'
import { type Chunk, chunkDocument } from '../retrieval/chunk.ts'
import { LexicalIndex } from '../retrieval/lexical-index.ts'

/** A note as it is listed. */
export interface NoteInfo {
  /** Its path below the folder, with forward slashes. */
  name: string
  bytes: number
  /** Milliseconds since 1970. */
  modified: number
}

export interface Hit {
  chunk: Chunk
  score: number
}

export interface LookOptions {
  signal: AbortSignal
  /** Called while notes are read that are new or have changed. */
  onProgress?: (done: number, total: number) => void
}

const MAX_ENTRIES = 50_000 // more than that is no folder of notes but, say, a home directory
/** What a new note may end in. */
const NEW = { extensions: ['.md', '.txt'] }
const KNOWN = { extensions: DOCUMENT_EXTENSIONS }

interface Read {
  info: NoteInfo
  /** What could be read; else it is listed in `skipped`. */
  document: SourceDocument | undefined
  chunks: readonly Chunk[]
}

/**
 * The notes of one folder and nothing outside of it, with an index of their words in memory. Every look sees the folder as it is now: files are compared by size and time, and
 * only what has changed is read again. docs: the README, "The index".
 */
export class Notes {
  readonly #folder: Folder
  /** Told when a note was added here. */
  readonly onAdded = new Set<() => void>()
  #read = new Map<string, Read>()
  #index = new LexicalIndex<Chunk>([])
  #look: Promise<void> = Promise.resolve()

  private constructor(folder: Folder) {
    this.#folder = folder
  }

  /** A folder, or one file in it. Throws `InputError` when it is not there. Nothing is read yet. */
  static async open(path: string): Promise<Notes> {
    return new Notes(await openFolder(path))
  }

  /** Every note that can be read, in a stable order. */
  async list(options: LookOptions): Promise<NoteInfo[]> {
    await this.#refresh(options)
    return [...this.#read.values()].filter(({ document }) => document).map(({ info }) => info)
  }

  /** Passages of notes that share words with the query, best first; without a telling word, where the notes begin. */
  async search(query: string, limit: number, options: LookOptions): Promise<{ hits: Hit[]; total: number }> {
    await this.#refresh(options)
    const total = [...this.#read.values()].filter(({ document }) => document).length
    return { hits: this.#index.find(query, limit), total }
  }

  /** Throws `BadFile` for a name that is not one of these notes, or cannot be read. */
  async read(name: string, { signal }: LookOptions): Promise<SourceDocument> {
    const { root, only } = this.#folder
    if (name !== only) this.#refuseOthers(name)
    return await readDocument(root, name, signal)
  }

  /** Makes a new note. Throws `BadFile` for a name that is taken or leads elsewhere. */
  async add(name: string, text: string): Promise<void> {
    if (this.#folder.only !== undefined) throw new BadFile('one file is served here, and no folder')
    await createNamed(this.#folder.root, name, text, NEW)
    for (const tell of this.onAdded) tell()
  }

  #refuseOthers(name: string): void {
    checkName(name, KNOWN)
    if (this.#folder.only !== undefined) throw new BadFile('not the file that is served here')
  }

  /** One look at a time: two that come together read a changed note once. */
  #refresh(options: LookOptions): Promise<void> {
    const look = this.#look.catch(() => {}).then(() => this.#bringUpToDate(options))
    this.#look = look
    return look
  }

  async #bringUpToDate(options: LookOptions): Promise<void> {
    const found = await this.#found(options.signal)
    const changed = found.filter((info) => !isSame(this.#read.get(info.name)?.info, info))
    if (changed.length === 0 && found.length === this.#read.size) return
    const fresh = new Map<string, Read>()
    for (const [done, info] of changed.entries()) {
      options.signal.throwIfAborted()
      fresh.set(info.name, await this.#readNote(info, options.signal))
      options.onProgress?.(done + 1, changed.length)
    }
    const read = found.flatMap((info) => fresh.get(info.name) ?? this.#read.get(info.name) ?? [])
    this.#read = new Map(read.map((one) => [one.info.name, one]))
    this.#index = new LexicalIndex(read.flatMap(({ chunks }) => chunks))
  }

  async #found(signal: AbortSignal): Promise<NoteInfo[]> {
    const found: NoteInfo[] = []
    const walk = { extensions: DOCUMENT_EXTENSIONS, signal, maxEntries: MAX_ENTRIES }
    for await (const file of filesBelow(this.#folder, walk)) if (!('skipped' in file)) found.push(file)
    return found
  }

  async #readNote(info: NoteInfo, signal: AbortSignal): Promise<Read> {
    try {
      const document = await readDocument(this.#folder.root, info.name, signal)
      return { info, document, chunks: chunkDocument(document) }
    } catch (error) {
      if (error instanceof BadFile) return { info, document: undefined, chunks: [] }
      throw error
    }
  }
}

function isSame(known: NoteInfo | undefined, found: NoteInfo): boolean {
  return known !== undefined && known.bytes === found.bytes && known.modified === found.modified
}
