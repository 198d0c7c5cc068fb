import { existsSync } from 'node:fs'
import { openLocal } from '#kit/store/local-database'
import { openLogStore } from '#kit/store/log-store'
import { openMemoryStore } from '#kit/store/memory'
import type { IndexPlace, OpenStoreOptions, Store } from '#kit/store/store'
import { openChroma } from './chroma.ts'

/** False when nothing can have been indexed there yet: asking makes no index. */
export function mayHaveIndex({ env, directory }: IndexPlace): boolean {
  return readChromaUrl(env) !== undefined || (directory !== undefined && existsSync(directory))
}

/** Opens the index in Chroma at `CHROMA_URL`; without it, in a file in the directory, or in memory. Close it. */
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
