interface Named {
  name: string
}

export interface Page<T> {
  items: T[]
  /** The cursor of the next page; undefined on the last one. */
  next: string | undefined
}

/**
 * The first `limit` items after the one that the cursor names, by name. A cursor is a name and not an offset,
 * so a note that is added or removed between two calls shifts nothing. Undefined for a cursor that this
 * function did not make.
 */
export function takePage<T extends Named>(
  items: readonly T[],
  cursor: string | undefined,
  limit: number,
): Page<T> | undefined {
  const last = cursor === undefined ? undefined : decodeCursor(cursor)
  if (cursor !== undefined && last === undefined) return undefined
  const sorted = [...items].sort((a, b) => (a.name < b.name ? -1 : 1))
  const rest = last === undefined ? sorted : sorted.filter(({ name }) => name > last)
  const page = rest.slice(0, limit)
  const end = page.at(-1)
  return { items: page, next: end && rest.length > page.length ? encodeCursor(end.name) : undefined }
}

const PREFIX = 'after:'

function encodeCursor(name: string): string {
  return Buffer.from(PREFIX + name).toString('base64url')
}

function decodeCursor(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString()
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length) : undefined
}
