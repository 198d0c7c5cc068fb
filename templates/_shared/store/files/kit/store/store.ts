import type { Chunk } from '#kit/retrieval/chunk'

export type MetadataValue = string | number | boolean
export type Metadata = Record<string, MetadataValue>

/** A chunk with what the indexes need. */
export interface IndexedChunk extends Chunk {
  /** How often each term occurs, weighted by field: a term in a heading may count more than once. */
  terms: ReadonlyMap<string, number>
  /** Sum of the weighted counts: the length that BM25 divides by. */
  length: number
  /** Never all zeros: cosine distance to it would be no number. */
  embedding: readonly number[]
}

/** A document with all its chunks, in their order. None is fine: it is then known, and never found. */
export interface IndexedDocument {
  document: DocumentRecord
  chunks: readonly IndexedChunk[]
}

/** A document as the store knows it. */
export interface DocumentRecord {
  name: string
  title: string
  /** Of its content and of everything that decides how it is cut and indexed: another hash means that it has to be indexed again. */
  hash: string
  metadata: Metadata
}

/** Who made the vectors of an index. An index that was made by one is refused to any other. */
export interface EmbeddingIdentity {
  model: string
  dimensions: number
}

/** Where an index is: the store that was chosen says which. */
export interface IndexPlace {
  /** Variables that name a server to use instead of the directory. */
  env: Record<string, string | undefined>
  /** Where an index without a server keeps its files; undefined: in memory, gone when it is closed. */
  directory: string | undefined
}

export interface OpenStoreOptions extends IndexPlace {
  embedding: EmbeddingIdentity
  /** Drops the existing index first: for another embedder, or to rebuild it. */
  rebuild?: boolean
  /** It is opened for a single question: an embedded database then starts with half the time and memory, and would be slower at longer work. */
  isBrief?: boolean
}

/** Documents whose metadata has all of these values. */
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
 * What a RAG bot asks of its database. Every method throws a `StoreError`, or the reason of an aborted signal. Ties are broken by chunk id, so that two
 * stores with the same content give the same ranking.
 */
export interface Store {
  /** For people: `PGlite in .data/index` or `Chroma at 127.0.0.1:8000/docs`, never a password or a key. */
  readonly name: string
  /** Documents that are indexed whole, by name. */
  documents(): Promise<Map<string, DocumentRecord>>
  /** Puts documents with all their chunks in the place of what was there under their names, all or none. Small ones together: a change costs more than what is in it. */
  replaceDocuments(documents: readonly IndexedDocument[]): Promise<void>
  /** Unknown names are ignored. */
  removeDocuments(names: readonly string[]): Promise<void>
  /** After a batch of changes: tidies up, and brings up to date what makes searches quick. */
  optimise(): Promise<void>
  /** BM25 over the terms, each once. No term known: no hit. */
  lexical(terms: readonly string[], options: SearchOptions): Promise<Hit[]>
  /** Cosine similarity. A vector of zeros points nowhere: no hit. */
  nearest(embedding: readonly number[], options: SearchOptions): Promise<Hit[]>
  /** How often each term stands in the index, for weights: documents are chunks here. */
  statistics(terms: readonly string[]): Promise<{ chunks: number; frequencies: Map<string, number> }>
  close(): Promise<void>
}

/** One line what, one line what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly hint: string

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}
