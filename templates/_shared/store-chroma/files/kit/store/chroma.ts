import { computeCosineSimilarity } from '#kit/retrieval/cosine'
import {
  type Neighbour,
  type NeighbourSearch,
  splitSlices,
  type TaggedVector,
  type VectorDatabase,
} from '#kit/store/vector-database'
import { type ChromaOptions, ChromaSessions } from './chroma-session.ts'

/** How many records one call reads or writes. */
const VECTORS = 250
const TEXTS = 50
const KEYS = 5_000

/** Opens an index in Chroma; the first call connects. Throws a StoreError for an invalid URL. */
export function openChroma(options: ChromaOptions): VectorDatabase {
  return new ChromaDatabase(new ChromaSessions(options))
}

class ChromaDatabase implements VectorDatabase {
  readonly name: string
  readonly textLimit = 100_000
  readonly neighbourLimit = 10_000
  readonly lookAfterMs = 1_000
  readonly #sessions: ChromaSessions

  constructor(sessions: ChromaSessions) {
    this.name = sessions.name
    this.#sessions = sessions
  }

  async putTexts(texts: ReadonlyMap<string, string>): Promise<void> {
    for (const slice of splitSlices([...texts], TEXTS))
      await this.#sessions.call(({ texts }) =>
        texts.upsert({
          ids: slice.map(([key]) => key),
          // Chroma stores no text without a vector, so each has a meaningless one. The text is metadata:
          // Chroma would index a document by trigrams.
          embeddings: slice.map(() => [1]),
          metadatas: slice.map(([, text]) => ({ text })),
        }),
      )
  }

  async texts(keys: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const ids of splitSlices(keys, TEXTS)) {
      const { ids: there, metadatas } = await this.#sessions.call(({ texts }) =>
        texts.get({ ids, include: ['metadatas'] }),
      )
      for (const [place, key] of there.entries()) found.set(key, String(metadatas[place]?.['text'] ?? ''))
    }
    return found
  }

  textKeys = () => this.#keys('texts')
  removeTexts = (keys: readonly string[]) => this.#remove('texts', keys)

  async putVectors(vectors: readonly TaggedVector[]): Promise<void> {
    for (const slice of splitSlices(vectors, VECTORS))
      await this.#sessions.call(({ vectors }) =>
        vectors.upsert({
          ids: slice.map(({ key }) => key),
          embeddings: slice.map(({ values }) => values.map(shortenNumber)),
          metadatas: slice.map(({ tags }) => ({ chunk: true, ...Object.fromEntries(tags.map(toFlag)) })),
        }),
      )
  }

  vectorKeys = () => this.#keys('vectors')
  removeVectors = (keys: readonly string[]) => this.#remove('vectors', keys)

  async nearest(vector: readonly number[], { limit, tags }: NeighbourSearch): Promise<Neighbour[]> {
    const flags = tags.map((tag) => Object.fromEntries([toFlag(tag)]))
    const { ids, distances } = await this.#sessions.call(({ vectors }) =>
      vectors.query({
        queryEmbeddings: [vector.map(shortenNumber)],
        nResults: limit,
        include: ['distances'],
        // `$and` takes at least two conditions; every vector has `chunk`.
        ...(flags.length > 0 && { where: { $and: [{ chunk: true }, ...flags] } }),
      }),
    )
    return (ids[0] ?? []).map((key, place) => ({ key, similarity: 1 - (distances[0]?.[place] ?? 2) }))
  }

  async compare(vector: readonly number[], keys: readonly string[]): Promise<Neighbour[]> {
    const compared: Neighbour[] = []
    for (const ids of splitSlices(keys, VECTORS)) {
      const found = await this.#sessions.call(({ vectors }) => vectors.get({ ids, include: ['embeddings'] }))
      for (const [place, key] of found.ids.entries())
        compared.push({ key, similarity: computeCosineSimilarity(vector, found.embeddings[place] ?? []) })
    }
    return compared
  }

  /** Deletes the log first: without its head, the index is empty. */
  async clear(): Promise<void> {
    const names = await this.#sessions.call(async ({ texts, vectors }) => [texts.name, vectors.name])
    for (const name of names) await this.#sessions.call(({ client }) => client.deleteCollection({ name }))
    this.#sessions.forget()
  }

  close = () => this.#sessions.close()

  async #keys(room: 'texts' | 'vectors'): Promise<string[]> {
    const keys: string[] = []
    for (;;) {
      const offset = keys.length
      const { ids } = await this.#sessions.call((session) =>
        session[room].get({ limit: KEYS, offset, include: [] }),
      )
      keys.push(...ids)
      if (ids.length < KEYS) return keys
    }
  }

  async #remove(room: 'texts' | 'vectors', keys: readonly string[]): Promise<void> {
    for (const ids of splitSlices(keys, VECTORS))
      await this.#sessions.call((session) => session[room].delete({ ids }))
  }
}

/** Rounds to as many digits as a 32-bit float has. */
function shortenNumber(value: number): number {
  return Number(value.toPrecision(9))
}

function toFlag(tag: string): [string, boolean] {
  return [`has-${tag}`, true]
}
