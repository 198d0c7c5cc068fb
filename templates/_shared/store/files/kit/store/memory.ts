import { Bm25Index } from '#kit/retrieval/bm25'
import { findTopK } from '#kit/retrieval/cosine'
import { unlessAborted } from './abort.ts'
import { checkDocuments, checkVector, checkVectors } from './checks.ts'
import { toStorableJson, toStorableTerms, toStorableText, toTermKey } from './storable.ts'
import {
  type DocumentRecord,
  type EmbeddingIdentity,
  type Filter,
  type Hit,
  type IndexedChunk,
  type IndexedDocument,
  type SearchOptions,
  type Store,
  StoreError,
} from './store.ts'

/**
 * Opens a store for one run: it writes nothing, and every search ranks all chunks with this repository's BM25
 * and cosine similarity.
 */
export function openMemoryStore(embedding: EmbeddingIdentity): Store {
  return new MemoryStore(embedding.dimensions)
}

interface MemoryEntry {
  chunk: IndexedChunk
  document: DocumentRecord
}

/** Chunks sorted by id, which breaks ties. A text's number in `bm25` is its place in `entries`. */
interface Index {
  entries: readonly MemoryEntry[]
  bm25: Bm25Index
}

class MemoryStore implements Store {
  readonly name = 'memory'
  readonly #dimensions: number
  readonly #documents = new Map<string, IndexedDocument>()
  /** Built by the first search after a change. */
  #built: Index | undefined

  constructor(dimensions: number) {
    this.#dimensions = dimensions
  }

  async documents(): Promise<Map<string, DocumentRecord>> {
    return new Map([...this.#documents].map(([name, { document }]) => [name, document]))
  }

  async replaceDocuments(documents: readonly IndexedDocument[]): Promise<void> {
    checkDocuments(documents)
    for (const { chunks } of documents) checkVectors(chunks, this.#dimensions)
    const kept = documents.map(toStorable)
    this.#refuseTakenIds(kept)
    for (const each of kept) this.#documents.set(each.document.name, each)
    this.#built = undefined
  }

  async removeDocuments(names: readonly string[]): Promise<void> {
    for (const name of names) this.#documents.delete(toStorableText(name))
    this.#built = undefined
  }

  async optimise(): Promise<void> {}

  lexical(terms: readonly string[], options: SearchOptions): Promise<Hit[]> {
    return unlessAborted(options, async () => {
      const { entries, bm25 } = this.#index()
      const isWanted = createFilter(options.filter)
      const hits = bm25.search(terms.map(toTermKey), entries.length).flatMap(({ text, score }) => {
        const entry = entries[text]
        return entry && isWanted(entry) ? [toMemoryHit(entry, score)] : []
      })
      return hits.slice(0, options.limit)
    })
  }

  nearest(embedding: readonly number[], options: SearchOptions): Promise<Hit[]> {
    return unlessAborted(options, async () => {
      if (embedding.every((value) => value === 0)) return []
      checkVector(embedding, this.#dimensions, 'the question')
      const entries = this.#index().entries.filter(createFilter(options.filter))
      const nearest = findTopK(embedding, entries, {
        k: options.limit,
        vector: ({ chunk }: MemoryEntry) => chunk.embedding,
      })
      return nearest.map(({ item, similarity }) => toMemoryHit(item, similarity))
    })
  }

  async statistics(terms: readonly string[]): Promise<{ chunks: number; frequencies: Map<string, number> }> {
    const { bm25 } = this.#index()
    const frequencies = new Map(terms.map((term) => [term, bm25.frequency(toTermKey(term))]))
    return { chunks: bm25.size, frequencies }
  }

  async close(): Promise<void> {}

  #index(): Index {
    this.#built ??= buildIndex(this.#documents.values())
    return this.#built
  }

  #refuseTakenIds(documents: readonly IndexedDocument[]): void {
    const replaced = new Set(documents.map(({ document }) => document.name))
    const others = [...this.#documents.values()].filter(({ document }) => !replaced.has(document.name))
    const taken = new Set(others.flatMap(({ chunks }) => chunks.map(({ id }) => id)))
    for (const { document, chunks } of documents) {
      const id = chunks.find((chunk) => taken.has(chunk.id))?.id
      if (id === undefined) continue
      throw new StoreError(
        `${document.name} has a chunk with the id ${id}, which another document has`,
        'The code that cut the document has a bug: every chunk needs a unique id.',
      )
    }
  }
}

function buildIndex(documents: Iterable<IndexedDocument>): Index {
  const entries = [...documents].flatMap(({ document, chunks }) =>
    chunks.map((chunk) => ({ chunk, document })),
  )
  entries.sort((a, b) => (a.chunk.id < b.chunk.id ? -1 : 1))
  const bm25 = new Bm25Index()
  for (const { chunk } of entries) bm25.add({ counts: chunk.terms, length: chunk.length })
  return { entries, bm25 }
}

/** Returns a document as every store would give it back. */
function toStorable({ document, chunks }: IndexedDocument): IndexedDocument {
  return {
    document: JSON.parse(toStorableJson(document)) as DocumentRecord,
    chunks: chunks.map(({ terms, embedding, ...chunk }) => ({
      ...(JSON.parse(toStorableJson(chunk)) as typeof chunk),
      terms: toStorableTerms(terms),
      embedding,
    })),
  }
}

function createFilter(filter: Filter = {}): (entry: MemoryEntry) => boolean {
  const wanted = Object.entries(JSON.parse(toStorableJson(filter.metadata ?? {})))
  return ({ document: { metadata } }) =>
    wanted.every(([key, value]) => Object.hasOwn(metadata, key) && metadata[key] === value)
}

function toMemoryHit(
  { chunk: { terms: _, length: __, embedding: ___, ...chunk }, document }: MemoryEntry,
  score: number,
): Hit {
  return { chunk: { ...chunk, metadata: document.metadata }, score }
}
