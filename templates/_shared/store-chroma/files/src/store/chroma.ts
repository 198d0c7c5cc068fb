import type { ChromaClient, Collection } from 'chromadb'
import { parseAddress, toChromaError } from './chroma-failure.ts'
import { StoreError } from './store.ts'
import { type NeighbourSearch, sliced, type TaggedVector, type VectorDatabase } from './vector-database.ts'

export interface ChromaOptions {
  /** `http://127.0.0.1:8000` */
  url: string
  /** Vectors are in the collection of this name, what else the store keeps in `<name>-log`. */
  collection: string
  /** For one call. */
  timeoutMs?: number
}

/** What is asked for or written in one call. */
const VECTORS = 250
const TEXTS = 50
const KEYS = 5_000

/** A Chroma server. The client connects with the first call. */
export function openChroma({ url, collection, timeoutMs = 30_000 }: ChromaOptions): VectorDatabase {
  return new ChromaDatabase(parseAddress(url), collection, timeoutMs)
}

interface Session {
  client: ChromaClient
  vectors: Collection
  texts: Collection
  /** Ends every call that is on its way. */
  abort: AbortController
}

class ChromaDatabase implements VectorDatabase {
  readonly name: string
  readonly textLimit = 100_000
  readonly neighbourLimit = 10_000
  readonly lookAfterMs = 1_000
  readonly #address: URL
  readonly #collection: string
  readonly #timeoutMs: number
  #session: Promise<Session> | undefined

  constructor(address: URL, collection: string, timeoutMs: number) {
    this.name = `Chroma at ${address.host}/${collection}`
    this.#address = address
    this.#collection = collection
    this.#timeoutMs = timeoutMs
  }

  async putTexts(texts: ReadonlyMap<string, string>): Promise<void> {
    for (const slice of sliced([...texts], TEXTS))
      await this.#call(({ texts }) =>
        texts.upsert({
          ids: slice.map(([key]) => key),
          // One dimension that says nothing: Chroma keeps no text without a vector. Not as documents, which it would index by trigrams.
          embeddings: slice.map(() => [1]),
          metadatas: slice.map(([, text]) => ({ text })),
        }),
      )
  }

  async texts(keys: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const ids of sliced(keys, TEXTS)) {
      const { ids: there, metadatas } = await this.#call(({ texts }) =>
        texts.get({ ids, include: ['metadatas'] }),
      )
      for (const [place, key] of there.entries()) found.set(key, String(metadatas[place]?.['text'] ?? ''))
    }
    return found
  }

  textKeys = () => this.#keys('texts')
  removeTexts = (keys: readonly string[]) => this.#remove('texts', keys)

  async putVectors(vectors: readonly TaggedVector[]): Promise<void> {
    for (const slice of sliced(vectors, VECTORS))
      await this.#call(({ vectors }) =>
        vectors.upsert({
          ids: slice.map(({ key }) => key),
          embeddings: slice.map(({ values }) => values.map(shortened)),
          metadatas: slice.map(({ tags }) => ({ chunk: true, ...Object.fromEntries(tags.map(asFlag)) })),
        }),
      )
  }

  vectorKeys = () => this.#keys('vectors')
  removeVectors = (keys: readonly string[]) => this.#remove('vectors', keys)

  async nearest(vector: readonly number[], { limit, tags }: NeighbourSearch) {
    const flags = tags.map((tag) => Object.fromEntries([asFlag(tag)]))
    const { ids, distances } = await this.#call(({ vectors }) =>
      vectors.query({
        queryEmbeddings: [vector.map(shortened)],
        nResults: limit,
        include: ['distances'],
        // A condition is a condition only beside another one.
        ...(flags.length > 0 && { where: { $and: [{ chunk: true }, ...flags] } }),
      }),
    )
    return (ids[0] ?? []).map((key, place) => ({ key, similarity: 1 - (distances[0]?.[place] ?? 2) }))
  }

  /** The log first: without its head nothing is in the index. */
  async clear(): Promise<void> {
    const session = await this.#connected()
    for (const { name } of [session.texts, session.vectors])
      await this.#call(({ client }) => client.deleteCollection({ name }))
    this.#session = undefined
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined) // told to whoever asked for it
    session?.abort.abort()
  }

  async #keys(room: 'texts' | 'vectors'): Promise<string[]> {
    const keys: string[] = []
    for (;;) {
      const offset = keys.length
      const { ids } = await this.#call((session) => session[room].get({ limit: KEYS, offset, include: [] }))
      keys.push(...ids)
      if (ids.length < KEYS) return keys
    }
  }

  async #remove(room: 'texts' | 'vectors', keys: readonly string[]): Promise<void> {
    for (const ids of sliced(keys, VECTORS)) await this.#call((session) => session[room].delete({ ids }))
  }

  /** The client has no time limit of its own. A call that passes ours ends the session, and the next call begins another. */
  async #call<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const session = await this.#connected()
    return this.#limited(session.abort, () => work(session))
  }

  async #limited<Result>(abort: AbortController, work: () => Promise<Result>): Promise<Result> {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      abort.abort()
    }, this.#timeoutMs)
    try {
      return await work()
    } catch (error) {
      // A session may also have ended because somebody made the collections anew.
      this.#session = undefined
      throw isLate ? this.#tooLate() : toChromaError(error, this.name)
    } finally {
      clearTimeout(timer)
    }
  }

  #tooLate(): StoreError {
    return new StoreError(
      `${this.name}: no answer within ${this.#timeoutMs / 1_000} s`,
      'Look whether the server at CHROMA_URL is busy or hangs; then try again.',
    )
  }

  #connected(): Promise<Session> {
    const opening = this.#session ?? this.#connect()
    this.#session = opening
    return opening
  }

  async #connect(): Promise<Session> {
    const { ChromaClient } = await import('chromadb')
    const abort = new AbortController()
    return this.#limited(abort, async () => {
      const { hostname: host, protocol } = this.#address
      const ssl = protocol === 'https:'
      const port = Number(this.#address.port || (ssl ? 443 : 80))
      const client = new ChromaClient({ host, port, ssl, fetchOptions: { signal: abort.signal } })
      const open = (name: string, space: 'cosine' | 'l2') =>
        client.getOrCreateCollection({ name, configuration: { hnsw: { space } }, embeddingFunction: null })
      const vectors = await open(this.#collection, 'cosine')
      const texts = await open(`${this.#collection}-log`, 'l2')
      return { client, vectors, texts, abort }
    })
  }
}

/** As many digits as a 32-bit number has. */
function shortened(value: number): number {
  return Number(value.toPrecision(9))
}

function asFlag(tag: string): [string, boolean] {
  return [`has-${tag}`, true]
}
