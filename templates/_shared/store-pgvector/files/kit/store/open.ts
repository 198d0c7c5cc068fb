import { existsSync } from 'node:fs'
import type { IndexPlace, OpenStoreOptions, Store } from '#kit/store/store'
import type { Database } from './database.ts'
import { checkIdentity } from './identity.ts'
import { migrate } from './migrations.ts'
import { openPglite, openPgliteInMemory } from './pglite.ts'
import { checkExtension } from './pgvector.ts'
import { openPostgres } from './postgres.ts'
import { storeOf } from './sql-store.ts'
import { pgvectorIndex } from './vectors.ts'

/** False when nothing can have been indexed there yet: asking makes no index, which would belong to whoever embeds now. */
export function mayHaveIndex({ env, directory }: IndexPlace): boolean {
  return serverOf(env) !== undefined || (directory !== undefined && existsSync(directory))
}

/** Opens the index, made or brought up to date as needed. Close it: it keeps the process alive. */
export async function openStore({ env, directory, ...options }: OpenStoreOptions): Promise<Store> {
  const url = serverOf(env)
  const database = url ? await openPostgres(url) : await openEmbedded(directory)
  try {
    return await openStoreIn(database, options)
  } catch (error) {
    await database.close()
    throw error
  }
}

/** `DATABASE_URL`: a PostgreSQL server to use instead of the directory. */
function serverOf(env: IndexPlace['env']): string | undefined {
  return env['DATABASE_URL']?.trim() || undefined
}

function openEmbedded(directory: string | undefined): Promise<Database> {
  return directory === undefined ? openPgliteInMemory() : openPglite(directory)
}

interface StoreInOptions extends Pick<OpenStoreOptions, 'embedding' | 'rebuild'> {
  /** Above how many chunks the vectors have an index. */
  exactRows?: number
}

/** As `openStore`, in a database that is open already and stays so. */
export async function openStoreIn(
  database: Database,
  { embedding, rebuild = false, exactRows }: StoreInOptions,
): Promise<Store> {
  await migrate(database, { embedding, rebuild })
  await checkExtension(database)
  await checkIdentity(database, database.name, embedding)
  return storeOf(database, pgvectorIndex(database, embedding, exactRows))
}
