import type { SearchOptions } from './store.ts'

/** A search takes milliseconds, so it is not stopped half-way: nobody who left is searched for, and nobody who left is answered. */
export async function unlessAborted<T>({ signal }: SearchOptions, search: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted()
  const found = await search()
  signal?.throwIfAborted()
  return found
}
