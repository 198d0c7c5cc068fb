import type { Chunk } from '#kit/retrieval/chunk'
import type { DocumentRecord, Hit, Metadata } from '#kit/store/store'
import type { KeptChunk, KeptDocument, Segment } from './segment.ts'
import { Words } from './words.ts'

/** A chunk in memory, without its vector. */
export interface Entry {
  id: string
  chunk: Chunk
  terms: ReadonlyMap<string, number>
  length: number
  /** The key of its vector. */
  vector: string
  document: DocumentRecord
}

/** What the segments of a log add up to: documents, chunks and words, in memory. */
export class Contents {
  readonly words = new Words<Entry>()
  readonly #documents = new Map<string, { record: DocumentRecord; entries: Entry[] }>()
  readonly #byId = new Map<string, Entry>()
  readonly #byVector = new Map<string, Entry>()
  /** Documents and removals that the segments record, outdated ones included. */
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

  /** The name of the document that has a chunk with this id. */
  ownerOf(id: string): string | undefined {
    return this.#byId.get(id)?.document.name
  }

  /** undefined: the vector's document was replaced, removed or never committed. */
  entryOf(vector: string): Entry | undefined {
    return this.#byVector.get(vector)
  }

  /** Chunks of documents whose metadata has all of these values. */
  matching(metadata: Metadata): Entry[] {
    return [...this.#byVector.values()].filter(({ document }) => hasMetadata(document, metadata))
  }

  /** True if later segments have replaced most of what the segments record. */
  get isMostlyPast(): boolean {
    return this.#written > 2 * this.#documents.size + 16
  }

  /** The current contents as new segments of about `chunks` chunks each. */
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

  /** Call it once the log consists of the rewritten segments. */
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

/** Whether a document's metadata has all of these values. */
export function hasMetadata({ metadata }: DocumentRecord, wanted: Metadata): boolean {
  return Object.entries(wanted).every(
    ([key, value]) => Object.hasOwn(metadata, key) && metadata[key] === value,
  )
}

function toKeptChunk({ chunk, terms, length, vector }: Entry): KeptChunk {
  return { ...chunk, terms: [...terms], length, vector }
}
