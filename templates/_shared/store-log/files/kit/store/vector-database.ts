/**
 * What the store needs from a service that keeps vectors, or of the file that replaces it: one place for
 * vectors, one for texts. Only the write of a single entry must be atomic: a call that fails may have done
 * half of its work. Every method throws a StoreError.
 */
export interface VectorDatabase {
  /** For display: where it is, without a key. */
  readonly name: string
  /** The most ASCII characters that one text may have. */
  readonly textLimit: number
  /** The most neighbours that one search may ask for. */
  readonly neighbourLimit: number
  /** A search checks for changes by other processes after this many milliseconds. Infinity: none can. */
  readonly lookAfterMs: number

  putTexts(texts: ReadonlyMap<string, string>): Promise<void>
  /** The texts that exist, by key. */
  texts(keys: readonly string[]): Promise<Map<string, string>>
  textKeys(): Promise<string[]>
  removeTexts(keys: readonly string[]): Promise<void>

  putVectors(vectors: readonly TaggedVector[]): Promise<void>
  vectorKeys(): Promise<string[]>
  removeVectors(keys: readonly string[]): Promise<void>
  /** Best first, among vectors that have all of the tags. `vector` has length 1, like all stored vectors. */
  nearest(vector: readonly number[], search: NeighbourSearch): Promise<Neighbour[]>

  /** Compares each of these vectors. Only for a database whose index may miss some. */
  compare?(vector: readonly number[], keys: readonly string[]): Promise<Neighbour[]>

  /** Deletes everything, even the number of dimensions. */
  clear(): Promise<void>
  /** Called after a batch of changes. */
  tidy?(): Promise<void>
  close(): Promise<void>
}

export interface TaggedVector {
  key: string
  values: readonly number[]
  tags: readonly string[]
}

export interface NeighbourSearch {
  limit: number
  tags: readonly string[]
}

export interface Neighbour {
  key: string
  /** Cosine, -1 to 1. */
  similarity: number
}

/** Splits items for services that limit how many one call takes. */
export function splitSlices<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, slice) =>
    items.slice(slice * size, (slice + 1) * size),
  )
}
