import type { SearchOptions } from './store.ts'

/** A search takes milliseconds, so it is not stopped half-way. An aborted caller starts no search and gets no result. */
export async function unlessAborted<T>({ signal }: SearchOptions, search: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted()
  const found = await search()
  signal?.throwIfAborted()
  return found
}
