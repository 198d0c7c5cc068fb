import type { Chunk } from '#kit/retrieval/chunk'

export type MetadataValue = string | number | boolean
export type Metadata = Record<string, MetadataValue>

/** A chunk with the data that the indexes need. */
export interface IndexedChunk extends Chunk {
  /** How often each term occurs, weighted by field: a term in a heading may count more than once. */
  terms: ReadonlyMap<string, number>
  /** Sum of the weighted counts: the length that BM25 divides by. */
  length: number
  /** Never all zeros: the cosine with it would not be a number. */
  embedding: readonly number[]
}

/** A document with all its chunks, in order. A document without chunks is known, but never found. */
export interface IndexedDocument {
  document: DocumentRecord
  chunks: readonly IndexedChunk[]
}

/** A document as the store knows it. */
export interface DocumentRecord {
  name: string
  title: string
  /**
   * Hash of the content and of everything that decides how it is cut and indexed. With another hash, the
   * document must be indexed again.
   */
  hash: string
  metadata: Metadata
}

/** The embedder that made the vectors of an index. A store refuses an index that another embedder made. */
export interface EmbeddingIdentity {
  model: string
  dimensions: number
}

/** Where an index is. The chosen store decides whether it uses a server or the directory. */
export interface IndexPlace {
  /** Variables that name a server to use instead of the directory. */
  env: Record<string, string | undefined>
  /** Where an index without a server keeps its files. undefined: in memory, lost on close. */
  directory: string | undefined
}

export interface OpenStoreOptions extends IndexPlace {
  embedding: EmbeddingIdentity
  /** Drop the existing index first: for another embedder, or to rebuild it. */
  rebuild?: boolean
  /**
   * Opened for a single question: an embedded database then starts with half the time and memory, but is
   * slower at longer work.
   */
  isBrief?: boolean
}

/** Matches documents whose metadata has all of these values. */
export interface Filter {
  metadata?: Metadata
}

export interface Hit {
  chunk: Chunk & { metadata: Metadata }
  /** Higher is better; comparable only within one search. */
  score: number
}

export interface SearchOptions {
  limit: number
  filter?: Filter
  signal?: AbortSignal
}

/**
 * What a RAG bot needs from its database. Every method throws a StoreError, or the reason of an aborted
 * signal. Ties are broken by chunk id, so that two stores with the same content return the same ranking.
 */
export interface Store {
  /** For display: `PGlite in .data/index` or `Chroma at 127.0.0.1:8000/docs`, never a password or a key. */
  readonly name: string
  /** Completely indexed documents, by name. */
  documents(): Promise<Map<string, DocumentRecord>>
  /**
   * Replaces documents of the same names with all their chunks, all or none. Pass small ones together: a
   * change costs more than its contents.
   */
  replaceDocuments(documents: readonly IndexedDocument[]): Promise<void>
  /** Ignores unknown names. */
  removeDocuments(names: readonly string[]): Promise<void>
  /** Call it after a batch of changes: removes leftovers, and updates what makes searches fast. */
  optimise(): Promise<void>
  /** Ranks by BM25; a repeated term counts once. No hit if no term is known. */
  lexical(terms: readonly string[], options: SearchOptions): Promise<Hit[]>
  /** Ranks by cosine similarity. No hit for an all-zero vector, because that has no direction. */
  nearest(embedding: readonly number[], options: SearchOptions): Promise<Hit[]>
  /** How many chunks there are and how many contain each term, for term weights. */
  statistics(terms: readonly string[]): Promise<{ chunks: number; frequencies: Map<string, number> }>
  close(): Promise<void>
}

/** One line about what is wrong; `hint` is one line about what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly hint: string

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}
