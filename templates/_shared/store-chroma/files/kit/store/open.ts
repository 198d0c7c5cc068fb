import { existsSync } from 'node:fs'
import { openLocal } from '#kit/store/local-database'
import { openLogStore } from '#kit/store/log-store'
import { openMemoryStore } from '#kit/store/memory'
import type { IndexPlace, OpenStoreOptions, Store } from '#kit/store/store'
import { openChroma } from './chroma.ts'

/** False if no index can exist yet. Asking does not create one. */
export function mayHaveIndex({ env, directory }: IndexPlace): boolean {
  return readChromaUrl(env) !== undefined || (directory !== undefined && existsSync(directory))
}

/**
 * Opens the index in Chroma at `CHROMA_URL`; without that, in a file in `directory`, or in memory. The caller
 * must close it. Throws a StoreError if it can't be opened.
 */
export async function openStore({ env, directory, ...options }: OpenStoreOptions): Promise<Store> {
  const url = readChromaUrl(env)
  const collection = env['CHROMA_COLLECTION']?.trim() || 'rag-bot'
  if (url === undefined && directory === undefined) return openMemoryStore(options.embedding)
  const database = url
    ? openChroma({ url, collection })
    : await openLocal(directory, ' (no Chroma: CHROMA_URL is not set)')
  return openLogStore(database, options)
}

function readChromaUrl(env: IndexPlace['env']): string | undefined {
  return env['CHROMA_URL']?.trim() || undefined
}
