import { findTopK } from '#kit/retrieval/cosine'
import { openRecords, type Records, type StoredRecord } from './records-file.ts'
import type { Neighbour, NeighbourSearch, TaggedVector, VectorDatabase } from './vector-database.ts'

/**
 * Opens a database that replaces a service: in memory and, with a directory, in a file there. Every search
 * compares every vector. One process at a time. Throws a StoreError if the file can't be read or is open in
 * another process.
 */
export async function openLocal(directory: string | undefined, why = ''): Promise<VectorDatabase> {
  if (directory === undefined) return new LocalDatabase('memory')
  const records = await openRecords(directory)
  return new LocalDatabase(`a file in ${directory}${why}`, records)
}

interface LocalVector {
  values: Float32Array
  tags: readonly string[]
}

class LocalDatabase implements VectorDatabase {
  readonly name: string
  readonly textLimit = 4_000_000
  readonly neighbourLimit = Number.MAX_SAFE_INTEGER
  readonly lookAfterMs = Number.POSITIVE_INFINITY
  readonly #texts = new Map<string, string>()
  readonly #vectors = new Map<string, LocalVector>()
  readonly #file: Records | undefined

  constructor(name: string, file?: Records) {
    this.name = name
    this.#file = file
    for (const record of file?.found.splice(0) ?? []) this.#keep(record)
  }

  async putTexts(texts: ReadonlyMap<string, string>): Promise<void> {
    await this.#write([...texts].map(([key, text]) => ({ kind: 'text', key, text })))
    await this.#file?.sync()
  }

  async texts(keys: readonly string[]): Promise<Map<string, string>> {
    return new Map(
      keys.flatMap((key) => {
        const text = this.#texts.get(key)
        return text === undefined ? [] : [[key, text]]
      }),
    )
  }

  textKeys = async () => [...this.#texts.keys()]
  removeTexts = (keys: readonly string[]) => this.#write([{ kind: 'without texts', keys }])

  async putVectors(vectors: readonly TaggedVector[]): Promise<void> {
    await this.#write(
      vectors.map(({ key, values, tags }) => ({
        kind: 'vector',
        key,
        tags,
        values: Float32Array.from(values),
      })),
    )
  }

  vectorKeys = async () => [...this.#vectors.keys()]
  removeVectors = (keys: readonly string[]) => this.#write([{ kind: 'without vectors', keys }])

  async nearest(vector: readonly number[], { limit, tags }: NeighbourSearch): Promise<Neighbour[]> {
    const wanted = [...this.#vectors].filter(([, { tags: own }]) => tags.every((tag) => own.includes(tag)))
    const nearest = findTopK(Float32Array.from(vector), wanted, {
      k: limit,
      vector: ([, { values }]) => values,
    })
    return nearest.map(({ item: [key], similarity }) => ({ key, similarity }))
  }

  async clear(): Promise<void> {
    this.#texts.clear()
    this.#vectors.clear()
    await this.#file?.rewrite([])
  }

  /** Rewrites the file once most of its records are overwritten or removed. */
  async tidy(): Promise<void> {
    const live = this.#texts.size + this.#vectors.size
    if (this.#file && this.#file.lines > 2 * live + 16) await this.#file.rewrite(this.#records())
  }

  close = async () => this.#file?.close()

  async #write(records: readonly StoredRecord[]): Promise<void> {
    await this.#file?.append(records)
    for (const record of records) this.#keep(record)
  }

  #keep(record: StoredRecord): void {
    switch (record.kind) {
      case 'text':
        this.#texts.set(record.key, record.text)
        return
      case 'vector':
        this.#vectors.set(record.key, record)
        return
      case 'without texts':
        for (const key of record.keys) this.#texts.delete(key)
        return
      case 'without vectors':
        for (const key of record.keys) this.#vectors.delete(key)
        return
      default:
        record satisfies never
    }
  }

  *#records(): Generator<StoredRecord> {
    for (const [key, vector] of this.#vectors) yield { kind: 'vector', key, ...vector }
    for (const [key, text] of this.#texts) yield { kind: 'text', key, text }
  }
}
