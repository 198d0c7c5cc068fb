import { existsSync } from 'node:fs'
import { openLocal } from '#kit/store/local-database'
import { openLogStore } from '#kit/store/log-store'
import { openMemoryStore } from '#kit/store/memory'
import type { IndexPlace, OpenStoreOptions, Store } from '#kit/store/store'
import { openPinecone } from './pinecone.ts'
import { readAccess } from './pinecone-access.ts'

/**
 * False if no index can exist yet. Asking does not create one. Throws a StoreError if Pinecone's variables
 * are invalid.
 */
export function mayHaveIndex({ env, directory }: IndexPlace): boolean {
  return readAccess(env) !== undefined || (directory !== undefined && existsSync(directory))
}

/**
 * Opens the index in Pinecone with `PINECONE_API_KEY`; without that, in a file in `directory`, or in memory.
 * The caller must close it. Throws a StoreError if it can't be opened.
 */
export async function openStore({ env, directory, ...options }: OpenStoreOptions): Promise<Store> {
  const access = readAccess(env)
  if (access === undefined && directory === undefined) return openMemoryStore(options.embedding)
  const database = access
    ? await openPinecone(access, options.embedding)
    : await openLocal(directory, ' (no Pinecone: PINECONE_API_KEY is not set)')
  return openLogStore(database, options)
}
