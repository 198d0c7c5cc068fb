import type { Chunk } from '#kit/retrieval/chunk'
import type { DocumentRecord, Hit, Metadata } from '#kit/store/store'
import type { KeptChunk, KeptDocument, Segment } from './segment.ts'
import { Words } from './words.ts'

/** A chunk in memory: all of it but the vector. */
export interface Entry {
  id: string
  chunk: Chunk
  terms: ReadonlyMap<string, number>
  length: number
  /** The key of its vector. */
  vector: string
  document: DocumentRecord
}

/** What the segments of a log say together: documents, chunks and words, in memory. */
export class Contents {
  readonly words = new Words<Entry>()
  readonly #documents = new Map<string, { record: DocumentRecord; entries: Entry[] }>()
  readonly #byId = new Map<string, Entry>()
  readonly #byVector = new Map<string, Entry>()
  /** Documents, and names of removed ones, that stand in the segments. */
  #written = 0

  apply({ documents, removed }: Segment): void {
    for (const name of [...removed, ...documents.map(({ document }) => document.name)]) this.#remove(name)
    for (const kept of documents) this.#add(kept)
    this.#written += documents.length + removed.length
  }

  records(): Map<string, DocumentRecord> {
    return new Map([...this.#documents].map(([name, { record }]) => [name, record]))
  }

  has(name: string): boolean {
    return this.#documents.has(name)
  }

  /** The document that has a chunk of this id. */
  ownerOf(id: string): string | undefined {
    return this.#byId.get(id)?.document.name
  }

  /** Undefined: of a document that was replaced or removed, or never committed. */
  entryOf(vector: string): Entry | undefined {
    return this.#byVector.get(vector)
  }

  /** Chunks of documents that have all of these values. */
  matching(metadata: Metadata): Entry[] {
    return [...this.#byVector.values()].filter(({ document }) => hasMetadata(document, metadata))
  }

  /** Most of what the segments say has been overtaken by later ones. */
  get isMostlyPast(): boolean {
    return this.#written > 2 * this.#documents.size + 16
  }

  /** As segments again, each of about so many chunks: what is past is left out. */
  rewritten(chunks: number): Segment[] {
    const segments: Segment[] = []
    let room = 0
    for (const { record, entries } of this.#documents.values()) {
      if (room <= 0) {
        segments.push({ documents: [], removed: [] })
        room = chunks
      }
      segments.at(-1)?.documents.push({ document: record, chunks: entries.map(toKeptChunk) })
      room -= Math.max(1, entries.length)
    }
    return segments
  }

  /** They are what the log has now. */
  wereRewritten(): void {
    this.#written = this.#documents.size
  }

  #add({ document, chunks }: KeptDocument): void {
    const entries = chunks.map(({ terms, length, vector, ...chunk }) => {
      return { id: chunk.id, chunk, terms: new Map(terms), length, vector, document }
    })
    this.#documents.set(document.name, { record: document, entries })
    for (const entry of entries) {
      this.words.add(entry)
      this.#byId.set(entry.id, entry)
      this.#byVector.set(entry.vector, entry)
    }
  }

  #remove(name: string): void {
    for (const entry of this.#documents.get(name)?.entries ?? []) {
      this.words.remove(entry)
      this.#byId.delete(entry.id)
      this.#byVector.delete(entry.vector)
    }
    this.#documents.delete(name)
  }
}

export function toHit({ chunk, document }: Entry, score: number): Hit {
  return { chunk: { ...chunk, metadata: document.metadata }, score }
}

/** Whether a document has all of these values. */
export function hasMetadata({ metadata }: DocumentRecord, wanted: Metadata): boolean {
  return Object.entries(wanted).every(
    ([key, value]) => Object.hasOwn(metadata, key) && metadata[key] === value,
  )
}

function toKeptChunk({ chunk, terms, length, vector }: Entry): KeptChunk {
  return { ...chunk, terms: [...terms], length, vector }
}
