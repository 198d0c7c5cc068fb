/**
 * All that the store needs of a service that keeps vectors, or of the file in its place: one room for vectors, one for texts. Nothing but one entry has to be
 * written whole, and a call that fails may have done half of its work. Every method throws a `StoreError`.
 */
export interface VectorDatabase {
  /** For people: where it is, without a key. */
  readonly name: string
  /** How many ASCII characters one text may have. */
  readonly textLimit: number
  /** How many neighbours can be asked for at most. */
  readonly neighbourLimit: number
  /** After how many milliseconds a search looks whether another process has changed something; Infinity: none can. */
  readonly lookAfterMs: number

  putTexts(texts: ReadonlyMap<string, string>): Promise<void>
  /** Those that are there. */
  texts(keys: readonly string[]): Promise<Map<string, string>>
  textKeys(): Promise<string[]>
  removeTexts(keys: readonly string[]): Promise<void>

  putVectors(vectors: readonly TaggedVector[]): Promise<void>
  vectorKeys(): Promise<string[]>
  removeVectors(keys: readonly string[]): Promise<void>
  /** Best first, of those that have every one of the tags. `vector` has length 1, as have those that were put. */
  nearest(vector: readonly number[], search: NeighbourSearch): Promise<Neighbour[]>

  /** Every one of these vectors compared. Only of a database whose index may overlook some of them. */
  compare?(vector: readonly number[], keys: readonly string[]): Promise<Neighbour[]>

  /** Forgets everything, also how many dimensions its vectors had. */
  clear(): Promise<void>
  /** After a batch of changes. */
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

/** In slices, for services that take only so much at once. */
export function splitSlices<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, slice) =>
    items.slice(slice * size, (slice + 1) * size),
  )
}
