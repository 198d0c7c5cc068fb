import { type EmbeddingIdentity, StoreError } from '#kit/store/store'
import type { Queryable } from './database.ts'

/** Vectors of two models, or of two sizes, have nothing to say to each other: a `StoreError` that names both. */
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
