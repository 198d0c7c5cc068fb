import { createHash } from 'node:crypto'
import { InputError } from '#kit/console/errors'
import { readDocument, type SourceDocument } from '#kit/documents/document'
import type { DocumentList } from '#kit/documents/list-documents'
import type { Embedder } from '#kit/embeddings/open'
import { BadFile } from '#kit/files/file'
import { type Chunk, type ChunkSize, chunkDocument } from '#kit/retrieval/chunk'
import { embeddedText, termCounts } from '#kit/retrieval/fields'
import type { IndexedChunk, IndexedDocument, Store } from '#kit/store/store'
import { settings } from './settings.ts'

export interface IngestOptions {
  store: Store
  embedder: Embedder
  chunkSize?: ChunkSize
  signal: AbortSignal
  /** Called after each document. */
  onProgress: (progress: Progress) => void
}

export interface Progress {
  /** Documents looked at so far, of all. */
  done: number
  total: number
  /** Indexed by this run. */
  chunks: number
  /** Of the document that was just looked at. */
  name: string
}

export interface Ingested {
  indexed: number
  unchanged: number
  removed: number
  chunks: number
  /** One line for each file that cannot be read: its name and why. It does not stop the others; what was indexed of it before stays. */
  skipped: string[]
}

/** Raise it when chunks come out differently for the same document: then all of them are made again. */
const FORMAT = 1
/** Documents whose vectors are on their way while others are written. */
const AHEAD = 4
/** Chunks that are written in one transaction: each costs more than what is in it. A run that is killed loses no more than that. */
const WRITTEN_TOGETHER = 256

/**
 * Makes an index the image of a folder: new and changed documents are indexed, those that are gone are removed, the rest is left alone. Each document is
 * written whole, so that a run that was killed is finished by the next one. Throws what the store and the provider layer throw.
 */
export async function ingest(folder: DocumentList, options: IngestOptions): Promise<Ingested> {
  const { store } = options
  const known = await store.documents()
  const gone = goneFrom(folder, [...known.keys()])
  refuseToEmpty(gone, known.size, store)
  const run = new IngestRun(folder, new Map([...known].map(([name, { hash }]) => [name, hash])), options)
  await run.all()
  await store.removeDocuments(gone)
  await store.optimise()
  return { ...run.result, removed: gone.length }
}

/** What is there and cannot be read is not gone, nor is what lies in a folder that cannot be read. */
function goneFrom({ names, skipped, isOne }: DocumentList, known: readonly string[]): string[] {
  if (isOne) return []
  const present = new Set([...names, ...skipped.map(({ name }) => name)])
  const closed = skipped.filter(({ name }) => name.endsWith('/'))
  return known.filter((name) => !present.has(name) && !closed.some((folder) => name.startsWith(folder.name)))
}

/** One mistyped path must not empty an index that took an hour and a dollar. */
function refuseToEmpty(gone: readonly string[], known: number, store: Store): void {
  if (gone.length <= known / 2) return
  const example = gone.slice(0, 3).join(', ')
  const hint = 'Give the folder that was indexed, or add --rebuild to index this one instead.'
  throw new InputError(
    `${gone.length} of the ${known} documents in ${store.name} are not in this folder (${example})`,
    hint,
  )
}

class IngestRun {
  readonly result = { indexed: 0, unchanged: 0, chunks: 0, skipped: [] as string[] }
  readonly #folder: DocumentList
  readonly #known: ReadonlyMap<string, string>
  readonly #options: IngestOptions
  #unwritten: Changed[] = []

  constructor(folder: DocumentList, known: ReadonlyMap<string, string>, options: IngestOptions) {
    this.#folder = folder
    this.#known = known
    this.#options = options
    this.result.skipped.push(...folder.skipped.map(({ name, why }) => `${name}: ${why}`))
  }

  /** Every document in order: those ahead are read and embedded while one is written. */
  async all(): Promise<void> {
    const { names } = this.#folder
    const ahead: Promise<Prepared>[] = []
    for (const [index, name] of names.entries()) {
      for (const next of names.slice(index + ahead.length, index + AHEAD))
        ahead.push(settled(this.#prepare(next)))
      const prepared = await ahead.shift()
      this.#options.signal.throwIfAborted()
      if (prepared) await this.#keep(prepared)
      const { chunks } = this.result
      this.#options.onProgress({ done: index + 1, total: names.length, chunks, name })
    }
    await this.#write()
  }

  async #prepare(name: string): Promise<Prepared> {
    const { signal, embedder, chunkSize = settings.chunkSize } = this.#options
    try {
      const document = await readDocument(this.#folder.root, name, signal)
      const hash = hashOf(document, chunkSize, embedder)
      if (this.#known.get(name) === hash) return { kind: 'unchanged' }
      const chunks = await indexed(chunkDocument(document, chunkSize), this.#options)
      const { title, metadata } = document
      return { kind: 'changed', document: { name, title, hash, metadata }, chunks }
    } catch (error) {
      if (error instanceof BadFile) return { kind: 'skipped', why: `${name}: ${error.message}` }
      throw error
    }
  }

  async #write(): Promise<void> {
    await this.#options.store.replaceDocuments(this.#unwritten)
    this.result.indexed += this.#unwritten.length
    this.result.chunks += chunksIn(this.#unwritten)
    this.#unwritten = []
  }

  async #keep(prepared: Prepared): Promise<void> {
    switch (prepared.kind) {
      case 'unchanged':
        this.result.unchanged += 1
        return
      case 'skipped':
        this.result.skipped.push(prepared.why)
        return
      case 'changed':
        this.#unwritten.push(prepared)
        if (chunksIn(this.#unwritten) >= WRITTEN_TOGETHER) await this.#write()
        return
      default:
        prepared satisfies never
    }
  }
}

type Prepared = { kind: 'unchanged' } | { kind: 'skipped'; why: string } | Changed
type Changed = { kind: 'changed' } & IndexedDocument

function chunksIn(documents: readonly IndexedDocument[]): number {
  return documents.reduce((sum, { chunks }) => sum + chunks.length, 0)
}

/** Whoever awaits it later gets its error; until then nobody is told of an unhandled one. */
function settled<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {})
  return work
}

/** Of all that decides how a document is indexed. */
function hashOf(
  { title, metadata, text }: SourceDocument,
  size: ChunkSize,
  { modelId, dimensions }: Embedder,
): string {
  const decisive = { FORMAT, size, modelId, dimensions, title, metadata, text }
  return createHash('sha256').update(JSON.stringify(decisive)).digest('hex')
}

async function indexed(
  chunks: readonly Chunk[],
  { embedder, signal }: IngestOptions,
): Promise<IndexedChunk[]> {
  const embeddings = chunks.length === 0 ? [] : await embedder.embed(chunks.map(embeddedText), signal)
  return chunks.map((chunk, index) => {
    const { counts, length } = termCounts(chunk)
    return { ...chunk, terms: counts, length, embedding: embeddings[index] ?? [] }
  })
}
