import type { OpenStoreOptions, Store } from '#kit/store/store'
import type { Database } from './database.ts'
import { checkIdentity } from './identity.ts'
import { migrate } from './migrations.ts'
import { checkExtension } from './pgvector.ts'
import { createSqlStore } from './sql-store.ts'
import { createPgvectorIndex } from './vectors.ts'

interface StoreInOptions extends Pick<OpenStoreOptions, 'embedding' | 'rebuild'> {
  /** Above this many chunks, the vectors have an index. */
  exactRows?: number
}

/**
 * Opens the store in an open database, and creates or migrates its tables. Does not close the database on
 * failure. Throws a StoreError if the tables are newer, pgvector is unusable, or another embedder made the
 * index.
 */
export async function openSqlStore(
  database: Database,
  { embedding, rebuild = false, exactRows }: StoreInOptions,
): Promise<Store> {
  await migrate(database, { embedding, rebuild })
  await checkExtension(database)
  await checkIdentity(database, database.name, embedding)
  return createSqlStore(database, createPgvectorIndex(database, embedding, exactRows))
}
