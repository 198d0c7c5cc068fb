import { unlessAborted } from '#kit/store/abort'
import { checkDocuments, checkVector, checkVectors } from '#kit/store/checks'
import { toStorableText, toTermKey } from '#kit/store/storable'
import {
  type DocumentRecord,
  type EmbeddingIdentity,
  type Hit,
  type IndexedDocument,
  type SearchOptions,
  type Store,
  StoreError,
} from '#kit/store/store'
import { hasMetadata, toHit } from './contents.ts'
import { createSegmentId, Log } from './log.ts'
import { findNearestEntries } from './neighbours.ts'
import { buildSegment } from './segment.ts'
import { toStorableMetadata } from './tags.ts'
import { scaleToUnit } from './unit-vectors.ts'
import type { VectorDatabase } from './vector-database.ts'

export interface LogStoreOptions {
  embedding: EmbeddingIdentity
  rebuild?: boolean
}

/**
 * Opens a store over a database that knows only vectors and texts. Documents and words are read into memory
 * when it opens; vectors are searched in the database. See docs/store.md. The store closes the database, also
 * if opening fails. Throws a StoreError if the index is damaged, or if another embedder made it.
 */
export async function openLogStore(
  database: VectorDatabase,
  { embedding, rebuild = false }: LogStoreOptions,
): Promise<Store> {
  try {
    if (rebuild) await database.clear()
    const store = new LogStore(database, embedding)
    await store.documents()
    return store
  } catch (error) {
    await database.close()
    throw error
  }
}

class LogStore implements Store {
  readonly name: string
  readonly #database: VectorDatabase
  readonly #dimensions: number
  readonly #log: Log
  #lookedAt = Number.NEGATIVE_INFINITY
  #isChanged = false
  /** Runs changes, and checks for changes of others, one after another. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(database: VectorDatabase, embedding: EmbeddingIdentity) {
    this.name = database.name
    this.#database = database
    this.#dimensions = embedding.dimensions
    this.#log = new Log(database, embedding)
  }

  async documents(): Promise<Map<string, DocumentRecord>> {
    await this.#look()
    return this.#log.contents.records()
  }

  async replaceDocuments(documents: readonly IndexedDocument[]): Promise<void> {
    if (documents.length === 0) return
    checkDocuments(documents)
    for (const { chunks } of documents) checkVectors(chunks, this.#dimensions)
    await this.#change(async () => {
      this.#refuseTakenIds(documents)
      const id = createSegmentId()
      const { segment, vectors } = buildSegment(id, documents)
      await this.#database.putVectors(vectors)
      await this.#log.commit(id, segment)
    })
  }

  async removeDocuments(names: readonly string[]): Promise<void> {
    if (names.length === 0) return
    await this.#change(async () => {
      const removed = [...new Set(names.map(toStorableText))].filter((name) => this.#log.contents.has(name))
      if (removed.length > 0) await this.#log.commit(createSegmentId(), { documents: [], removed })
    })
  }

  async optimise(): Promise<void> {
    if (!this.#isChanged) return
    await this.#change(async () => {
      if (this.#log.isUntidy) await this.#log.rewrite()
      await this.#log.removeLeftovers()
      await this.#database.tidy?.()
      this.#isChanged = false
    })
  }

  lexical(terms: readonly string[], options: SearchOptions): Promise<Hit[]> {
    return unlessAborted(options, async () => {
      await this.#look()
      const wanted = toStorableMetadata(options.filter?.metadata ?? {})
      const asked = new Set(terms.map(toTermKey))
      const found = this.#log.contents.words.search(asked, ({ document }) => hasMetadata(document, wanted))
      return found.slice(0, options.limit).map(({ text, score }) => toHit(text, score))
    })
  }

  nearest(embedding: readonly number[], options: SearchOptions): Promise<Hit[]> {
    return unlessAborted(options, async () => {
      if (embedding.every((value) => value === 0)) return []
      checkVector(embedding, this.#dimensions, 'the question')
      await this.#look()
      const { limit, filter = {} } = options
      const found = await findNearestEntries(this.#database, this.#log.contents, {
        vector: scaleToUnit(embedding),
        metadata: toStorableMetadata(filter.metadata ?? {}),
        limit,
      })
      return found.map(({ text, score }) => toHit(text, score))
    })
  }

  async statistics(terms: readonly string[]): Promise<{ chunks: number; frequencies: Map<string, number> }> {
    await this.#look()
    const { words } = this.#log.contents
    const frequencies = new Map(terms.map((term) => [term, words.frequency(toTermKey(term))]))
    return { chunks: words.size, frequencies }
  }

  async close(): Promise<void> {
    await this.#turn.catch(() => {}) // the call that started it reports the failure
    await this.#database.close()
  }

  /** Another process may have changed the index, so the head is read again from time to time. */
  async #look(): Promise<void> {
    if (performance.now() - this.#lookedAt < this.#database.lookAfterMs) return
    await this.#inTurn(async () => {
      if (performance.now() - this.#lookedAt >= this.#database.lookAfterMs) await this.#refresh()
    })
  }

  async #refresh(): Promise<void> {
    await this.#log.refresh()
    this.#lookedAt = performance.now()
  }

  /** Refreshes first: a commit of this process may have succeeded although its answer was lost. */
  #change(work: () => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#refresh()
      this.#isChanged = true
      await work()
    })
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.catch(() => {}).then(work)
    this.#turn = done
    return done
  }

  #refuseTakenIds(documents: readonly IndexedDocument[]): void {
    const names = new Set(documents.map(({ document }) => document.name))
    for (const { document, chunks } of documents) {
      for (const { id } of chunks) {
        const owner = this.#log.contents.ownerOf(id)
        if (owner === undefined || names.has(owner)) continue
        throw new StoreError(
          `${document.name} has a chunk with the id ${id}, which is taken by ${owner}`,
          'The code that cut the document has a bug: every chunk needs a unique id.',
        )
      }
    }
  }
}
