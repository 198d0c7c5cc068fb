import { existsSync } from 'node:fs'
import { openMemoryStore } from '#kit/store/memory'
import type { IndexPlace, OpenStoreOptions, Store } from '#kit/store/store'
import { openSqlStore } from './open-database.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'

/**
 * False if no index can exist yet. A question must not create one, because it would belong to the current
 * embedder.
 */
export function mayHaveIndex({ env, directory }: IndexPlace): boolean {
  return readDatabaseUrl(env) !== undefined || (directory !== undefined && existsSync(directory))
}

/**
 * Opens the index at `DATABASE_URL`; without that, in PGlite in `directory`, or in memory. Creates or
 * migrates it as needed. The caller must close it, because it keeps the process alive. Throws a StoreError if
 * it can't be opened.
 */
export async function openStore({
  env,
  directory,
  isBrief = false,
  ...options
}: OpenStoreOptions): Promise<Store> {
  const url = readDatabaseUrl(env)
  if (url === undefined && directory === undefined) return openMemoryStore(options.embedding)
  const database =
    url === undefined ? await openPglite(directory ?? '', { isBrief }) : await openPostgres(url)
  try {
    return await openSqlStore(database, options)
  } catch (error) {
    await database.close()
    throw error
  }
}

/** `DATABASE_URL`: a PostgreSQL server to use instead of the directory. */
function readDatabaseUrl(env: IndexPlace['env']): string | undefined {
  return env['DATABASE_URL']?.trim() || undefined
}
