import type { SearchOptions } from './store.ts'

/**
 * Runs `search`. Throws the signal's reason if the caller aborted before or during it. A search takes
 * milliseconds, so an abort does not interrupt it.
 */
export async function unlessAborted<T>({ signal }: SearchOptions, search: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted()
  const found = await search()
  signal?.throwIfAborted()
  return found
}
