import type { ChromaClient, Collection } from 'chromadb'
import { runWithDeadline } from '#kit/console/deadline'
import { StoreError } from '#kit/store/store'
import { parseAddress, toChromaError } from './chroma-failure.ts'

export interface ChromaOptions {
  /** `http://127.0.0.1:8000` */
  url: string
  /** Name of the collection of vectors. Everything else that the store keeps is in `<name>-log`. */
  collection: string
  /** For one call; 30 s by default. */
  timeoutMs?: number
}

interface Session {
  client: ChromaClient
  vectors: Collection
  texts: Collection
  /** Aborts every call in progress. */
  abort: AbortController
}

/** How many candidates a search keeps: Chroma's default of 100 misses more neighbours. */
const EF_SEARCH = 200

/**
 * Adds a time limit to the client, which has none. A call that fails or times out throws a StoreError and
 * ends the session; the next call opens another. The constructor throws a StoreError if the URL is invalid.
 */
export class ChromaSessions {
  readonly name: string
  readonly #address: URL
  readonly #collection: string
  readonly #timeoutMs: number
  #session: Promise<Session> | undefined

  constructor({ url, collection, timeoutMs = 30_000 }: ChromaOptions) {
    this.#address = parseAddress(url)
    this.#collection = collection
    this.#timeoutMs = timeoutMs
    this.name = `Chroma at ${this.#address.host}/${collection}`
  }

  async call<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    try {
      return await this.#inSession(work)
    } catch (error) {
      // Another process rebuilt the index: the collections have the same names, but are new.
      if (isGone(error)) return this.#inSession(work)
      throw error
    }
  }

  /** Ends the session, so that the next call creates deleted collections again. */
  forget(): void {
    this.#session = undefined
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined) // the call that opened it reports the failure
    session?.abort.abort()
  }

  async #inSession<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    this.#session ??= this.#connect()
    const session = await this.#session
    return this.#limited(session.abort, () => work(session))
  }

  async #limited<Result>(abort: AbortController, work: () => Promise<Result>): Promise<Result> {
    const late = () => {
      abort.abort()
      return this.#tooLate()
    }
    try {
      return await runWithDeadline(undefined, { ms: this.#timeoutMs, late }, work)
    } catch (error) {
      this.forget()
      throw toChromaError(error, this.name)
    }
  }

  #tooLate(): StoreError {
    return new StoreError(
      `${this.name}: no answer within ${this.#timeoutMs / 1_000} s`,
      'Look whether the server at CHROMA_URL is busy or hangs; then try again.',
    )
  }

  async #connect(): Promise<Session> {
    const { ChromaClient } = await import('chromadb')
    const abort = new AbortController()
    return this.#limited(abort, async () => {
      const { hostname: host, protocol, port } = this.#address
      const ssl = protocol === 'https:'
      const client = new ChromaClient({
        host,
        port: Number(port || (ssl ? 443 : 80)),
        ssl,
        fetchOptions: { signal: abort.signal },
      })
      const open = (name: string, space: 'cosine' | 'l2') => {
        const configuration = { hnsw: { space, ef_search: EF_SEARCH } }
        return client.getOrCreateCollection({ name, configuration, embeddingFunction: null })
      }
      const vectors = await open(this.#collection, 'cosine')
      const texts = await open(`${this.#collection}-log`, 'l2')
      return { client, vectors, texts, abort }
    })
  }
}

function isGone(error: unknown): boolean {
  return (
    error instanceof StoreError && error.cause instanceof Error && error.cause.name === 'ChromaNotFoundError'
  )
}
