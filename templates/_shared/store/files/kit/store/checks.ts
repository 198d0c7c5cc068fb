import { type IndexedChunk, type IndexedDocument, StoreError } from './store.ts'

/** A PostgreSQL index key must fit into a third of a page. A store accepts only what all stores accept. */
const MAX_KEY_BYTES = 2_000

/**
 * Throws a StoreError if the index could not keep or find a document: its name is too long or given twice, a
 * chunk's id is taken, or a chunk belongs to another document.
 */
export function checkDocuments(documents: readonly IndexedDocument[]): void {
  const names = new Set<string>()
  const ids = new Set<string>()
  for (const { document, chunks } of documents) {
    const { name } = document
    if (Buffer.byteLength(name) > MAX_KEY_BYTES)
      throw new StoreError(
        `The name of a document is longer than ${MAX_KEY_BYTES} bytes: ${name.slice(0, 60)}…`,
        'Move it to a shorter path.',
      )
    if (names.has(name)) throw new StoreError(`${name} is given twice`, 'Give every document once.')
    names.add(name)
    for (const chunk of chunks) {
      if (chunk.document !== name)
        throw createRepeatedIdError(`Chunk ${chunk.id} of ${chunk.document} was given to ${name}`)
      if (ids.has(chunk.id))
        throw createRepeatedIdError(`${name} has a chunk with the id ${chunk.id}, which is taken`)
      ids.add(chunk.id)
    }
  }
}

function createRepeatedIdError(what: string): StoreError {
  return new StoreError(what, 'The code that cut the document has a bug: every chunk needs a unique id.')
}

/** Norms that 32-bit floats can square, with room to sum the squares. */
const MIN_NORM = 1e-15
const MAX_NORM = 1e15

/** Throws a StoreError if a chunk's vector can't be compared. */
export function checkVectors(chunks: readonly IndexedChunk[], dimensions: number): void {
  for (const { id, document, embedding } of chunks)
    checkVector(embedding, dimensions, `chunk ${id} of ${document}`)
}

/** Throws a StoreError if a vector can't be compared. `whose` names it in the message: `the question`. */
export function checkVector(embedding: readonly number[], dimensions: number, whose: string): void {
  if (embedding.length !== dimensions)
    throw new StoreError(
      `The embedding of ${whose} has ${embedding.length} dimensions; the index has ${dimensions}`,
      'Ingest again with the model that this index is to have.',
    )
  const norm = Math.hypot(...embedding)
  if (norm >= MIN_NORM && norm <= MAX_NORM) return
  const what = norm < MIN_NORM ? 'is all zeros' : 'has a value that is not a number, or too large'
  throw new StoreError(
    `The embedding of ${whose} ${what}`,
    'Look at the embedding model: this vector has no direction.',
  )
}
