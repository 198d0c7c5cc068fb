import { InputError } from '#kit/console/errors'
import type { DocumentList } from '#kit/documents/list-documents'

/**
 * Finds the indexed documents that the folder no longer has. Throws an `InputError` when most are gone: one
 * mistyped path must not empty an index that took an hour and a dollar.
 */
export function findGone(folder: DocumentList, known: readonly string[], index: string): string[] {
  const gone = listMissing(folder, known)
  if (gone.length <= known.length / 2) return gone
  const example = gone.slice(0, 3).join(', ')
  throw new InputError(
    `${gone.length} of the ${known.length} documents in ${index} are not in this folder (${example})`,
    'Give the folder that was indexed, or add --rebuild to index this one instead.',
  )
}

/**
 * Lists the missing documents. A file that can't be read, or is in a folder that can't be read, is not
 * missing.
 */
function listMissing({ names, skipped, isOne }: DocumentList, known: readonly string[]): string[] {
  if (isOne) return []
  const present = new Set([...names, ...skipped.map(({ name }) => name)])
  const closed = skipped.filter(({ name }) => name.endsWith('/'))
  return known.filter((name) => !present.has(name) && !closed.some((folder) => name.startsWith(folder.name)))
}

/** Yields the results of `work` in the order of `items`, with up to `ahead` of them in progress. */
export async function* mapAhead<T, R>(
  items: readonly T[],
  ahead: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const started: Promise<R>[] = []
  for (const index of items.keys()) {
    for (const item of items.slice(index + started.length, index + ahead))
      started.push(startQuietly(work(item)))
    const next = started.shift()
    if (next !== undefined) yield await next
  }
}

/** Starts work whose error the reader gets later; until then it must not count as unhandled. */
function startQuietly<R>(work: Promise<R>): Promise<R> {
  work.catch(() => {})
  return work
}
