import { type EmbeddingIdentity, StoreError } from '#kit/store/store'
import type { Queryable } from './database.ts'

/**
 * Throws a StoreError if the index was made with another model or another number of dimensions: its vectors
 * can't be compared.
 */
export async function checkIdentity(
  database: Queryable,
  name: string,
  { model, dimensions }: EmbeddingIdentity,
): Promise<void> {
  const [made] = await database.query<EmbeddingIdentity>('select model, dimensions from rag_embedding')
  if (made?.model === model && made.dimensions === dimensions) return
  throw new StoreError(
    `The index in ${name} was made with ${made?.model} (${made?.dimensions} dimensions); this program embeds with ${model} (${dimensions})`,
    'Ingest into another directory or database, or rebuild this index: npm run ingest -- --rebuild DOCS',
  )
}
