import type { Index } from '@pinecone-database/pinecone'
import { type EmbeddingIdentity, StoreError } from '#kit/store/store'
import {
  type Neighbour,
  type NeighbourSearch,
  splitSlices,
  type TaggedVector,
  type VectorDatabase,
} from '#kit/store/vector-database'
import type { PineconeAccess } from './pinecone-access.ts'
import { createPatientFetch, toPineconeError } from './pinecone-failure.ts'

/** Vectors per request: it may have 2 MB, and a vector of 3,072 numbers of up to 16 characters has 50 KB. */
const VECTORS = 40
/** Texts per request, each with a vector. */
const TEXTS = 25
/** Keys per request; some requests have them in the URL. */
const KEYS = 100

/** Opens an existing index. Throws a StoreError if it is missing, unreachable, or has other dimensions. */
export async function openPinecone(
  access: PineconeAccess,
  { model, dimensions }: EmbeddingIdentity,
): Promise<VectorDatabase> {
  const { apiKey, index, host, namespace, controller, timeoutMs = 30_000 } = access
  const name = `Pinecone index ${index || host}/${namespace}`
  try {
    const { Pinecone } = await import('@pinecone-database/pinecone')
    const client = new Pinecone({
      apiKey,
      fetchApi: createPatientFetch(name, timeoutMs),
      ...(controller && { controllerHostUrl: controller }),
    })
    const found = client.index(host === undefined ? { name: index } : { host })
    const { dimension } = await found.describeIndexStats()
    if (dimension !== undefined && dimension !== dimensions)
      throw new StoreError(
        `${name} takes vectors of ${dimension} dimensions; ${model} makes ${dimensions}`,
        `Create an index of ${dimensions} dimensions (dense, cosine) and name it in PINECONE_INDEX.`,
      )
    return new PineconeDatabase(name, apiKey, dimensions, {
      vectors: found.namespace(namespace),
      texts: found.namespace(`${namespace}-log`),
    })
  } catch (error) {
    throw toPineconeError(error, name, apiKey)
  }
}

/** Two namespaces: searches must see only vectors. */
interface Rooms {
  vectors: Index
  texts: Index
}

class PineconeDatabase implements VectorDatabase {
  readonly name: string
  /** The metadata of one record may have 40 KB in total. */
  readonly textLimit = 36_000
  readonly neighbourLimit = 10_000
  readonly lookAfterMs = 5_000
  readonly #apiKey: string
  /** A text needs a vector too, and not one of zeros. */
  readonly #anyVector: readonly number[]
  readonly #rooms: Rooms

  constructor(name: string, apiKey: string, dimensions: number, rooms: Rooms) {
    this.name = name
    this.#apiKey = apiKey
    this.#anyVector = Array.from({ length: dimensions }, (_, place) => (place === 0 ? 1 : 0))
    this.#rooms = rooms
  }

  async putTexts(texts: ReadonlyMap<string, string>): Promise<void> {
    for (const slice of splitSlices([...texts], TEXTS)) {
      const records = slice.map(([id, text]) => ({ id, values: [...this.#anyVector], metadata: { text } }))
      await this.#call(() => this.#rooms.texts.upsert({ records }))
    }
  }

  async texts(keys: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const ids of splitSlices(keys, TEXTS)) {
      const records = await this.#call(async () => (await this.#rooms.texts.fetch({ ids })).records, {})
      for (const [key, { metadata }] of Object.entries(records))
        found.set(key, String(metadata?.['text'] ?? ''))
    }
    return found
  }

  textKeys = () => this.#keys('texts')
  removeTexts = (keys: readonly string[]) => this.#remove('texts', keys)

  async putVectors(vectors: readonly TaggedVector[]): Promise<void> {
    for (const slice of splitSlices(vectors, VECTORS)) {
      const records = slice.map(({ key: id, values, tags }) => {
        return { id, values: values.map(shortenValue), metadata: { has: [...tags] } }
      })
      await this.#call(() => this.#rooms.vectors.upsert({ records }))
    }
  }

  vectorKeys = () => this.#keys('vectors')
  removeVectors = (keys: readonly string[]) => this.#remove('vectors', keys)

  async nearest(vector: readonly number[], { limit, tags }: NeighbourSearch): Promise<Neighbour[]> {
    const filter = { $and: tags.map((tag) => ({ has: { $in: [tag] } })) }
    const matches = await this.#call(async () => {
      const query = { vector: vector.map(shortenValue), topK: limit, ...(tags.length > 0 && { filter }) }
      return (await this.#rooms.vectors.query(query)).matches
    }, [])
    const found = matches.map(({ id, score = -1 }) => ({ key: id, similarity: score }))
    if ((found[0]?.similarity ?? 0) < (found.at(-1)?.similarity ?? 0)) throw this.#notCosine()
    return found
  }

  /** Deletes the log first: without its head, the index is empty. */
  async clear(): Promise<void> {
    for (const room of [this.#rooms.texts, this.#rooms.vectors])
      await this.#call(() => room.deleteAll(), undefined)
  }

  async close(): Promise<void> {}

  async #keys(room: keyof Rooms): Promise<string[]> {
    const keys: string[] = []
    let paginationToken: string | undefined
    do {
      const page = await this.#call(
        () => this.#rooms[room].listPaginated({ limit: KEYS, ...(paginationToken && { paginationToken }) }),
        {},
      )
      keys.push(...(page.vectors ?? []).flatMap(({ id }) => id ?? []))
      paginationToken = page.pagination?.next
    } while (paginationToken)
    return keys
  }

  async #remove(room: keyof Rooms, keys: readonly string[]): Promise<void> {
    for (const ids of splitSlices(keys, 10 * KEYS))
      await this.#call(() => this.#rooms[room].deleteMany({ ids }), undefined)
  }

  /**
   * If the nearest match has the smallest score, the index uses a distance. A dot product would do, because
   * all vectors have length 1.
   */
  #notCosine(): StoreError {
    return new StoreError(
      `${this.name} compares by distance, not by cosine`,
      'Create an index with the metric cosine and name it in PINECONE_INDEX.',
    )
  }

  /** A namespace exists only once it has a record. `otherwise` is the result before that. */
  async #call<Result>(work: () => Promise<Result>, ...otherwise: [] | [Result]): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      const isAbsent = error instanceof Error && error.name === 'PineconeNotFoundError'
      if (isAbsent && otherwise.length === 1) return otherwise[0]
      throw toPineconeError(error, this.name, this.#apiKey)
    }
  }
}

/** Rounds to as many digits as a 32-bit float has. */
function shortenValue(value: number): number {
  return Number(value.toPrecision(9))
}
