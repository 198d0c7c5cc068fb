import type { OpenStoreOptions, Store } from '#kit/store/store'
import type { Database } from './database.ts'
import { checkIdentity } from './identity.ts'
import { migrate } from './migrations.ts'
import { checkExtension } from './pgvector.ts'
import { createSqlStore } from './sql-store.ts'
import { createPgvectorIndex } from './vectors.ts'

interface StoreInOptions extends Pick<OpenStoreOptions, 'embedding' | 'rebuild'> {
  /** Above how many chunks the vectors have an index. */
  exactRows?: number
}

/** The store in a database that is open already, its tables made or brought up to date. Does not close the database when it fails. */
export async function openSqlStore(
  database: Database,
  { embedding, rebuild = false, exactRows }: StoreInOptions,
): Promise<Store> {
  await migrate(database, { embedding, rebuild })
  await checkExtension(database)
  await checkIdentity(database, database.name, embedding)
  return createSqlStore(database, createPgvectorIndex(database, embedding, exactRows))
}
