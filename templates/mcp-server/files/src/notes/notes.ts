import { DOCUMENT_EXTENSIONS, readDocument, type SourceDocument } from '#kit/documents/document'
import { BadFile } from '#kit/files/file'
import { type Folder, filesBelow, openFolder } from '#kit/files/folder'
import { checkName, createNamed } from '#kit/files/named'
import { type Chunk, chunkDocument } from '#kit/retrieval/chunk'
import { LexicalIndex } from '#kit/retrieval/lexical-index'
import { canBeNamed, checkVisible } from './names.ts'

/** A note as it is listed. */
export interface NoteInfo {
  /** Its path below the folder, with forward slashes. */
  name: string
  bytes: number
  /** Milliseconds since 1970. */
  modified: number
}

export interface NoteList {
  /** Every note that can be read, in a stable order. */
  notes: NoteInfo[]
  /** Names of what looks like a note, or is a folder (`name/`), and cannot be read or named. */
  leftOut: string[]
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
  /** Undefined: it could not be read, and is left out. */
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
  /** What the last look passed by. */
  #passedBy: string[] = []
  #index = new LexicalIndex<Chunk>([])
  #look: Promise<void> = Promise.resolve()

  private constructor(folder: Folder) {
    this.#folder = folder
  }

  /** A folder, or one file in it. Throws `InputError` when it is not there. Nothing is read yet. */
  static async open(path: string): Promise<Notes> {
    return new Notes(await openFolder(path))
  }

  async list(options: LookOptions): Promise<NoteList> {
    await this.#refresh(options)
    const all = [...this.#read.values()]
    const unread = all.filter(({ document }) => !document).map(({ info }) => info.name)
    return {
      notes: all.filter(({ document }) => document).map(({ info }) => info),
      leftOut: [...this.#passedBy, ...unread],
    }
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
    checkVisible(name)
    await createNamed(this.#folder.root, name, text, NEW).catch((error: unknown) => {
      throw asUnwritten(error)
    })
    for (const tell of this.onAdded) tell()
  }

  #refuseOthers(name: string): void {
    checkName(name, KNOWN)
    if (!canBeNamed(name)) throw new BadFile('not the name of a note')
    if (this.#folder.only !== undefined) throw new BadFile('not the file that is served here')
  }

  /** One look at a time: two that come together read a changed note once. */
  #refresh(options: LookOptions): Promise<void> {
    const look = this.#look.catch(() => {}).then(() => this.#bringUpToDate(options))
    this.#look = look
    return look
  }

  async #bringUpToDate(options: LookOptions): Promise<void> {
    const { found, passedBy } = await this.#found(options.signal)
    this.#passedBy = passedBy
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

  async #found(signal: AbortSignal): Promise<{ found: NoteInfo[]; passedBy: string[] }> {
    const found: NoteInfo[] = []
    const passedBy: string[] = []
    const walk = { extensions: DOCUMENT_EXTENSIONS, signal, maxEntries: MAX_ENTRIES }
    for await (const file of filesBelow(this.#folder, walk)) {
      if ('skipped' in file || !canBeNamed(file.name)) passedBy.push(file.name)
      else found.push(file)
    }
    return { found, passedBy }
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

/** What the operating system says about a file is worded for reading it. */
function asUnwritten(error: unknown): unknown {
  const cause = error instanceof BadFile ? error.cause : undefined
  if (!(cause instanceof Error) || !('code' in cause)) return error
  return new BadFile(`cannot be written (${cause.code})`, { cause })
}

function isSame(known: NoteInfo | undefined, found: NoteInfo): boolean {
  return known !== undefined && known.bytes === found.bytes && known.modified === found.modified
}
