interface Named {
  name: string
}

export interface Page<T> {
  items: T[]
  /** Where the next page begins; undefined on the last one. */
  next: string | undefined
}

/**
 * The items after the one that a cursor names: notes that come or go between two pages move nothing from one page to another. The order must be that of the names as they were
 * given. Undefined for a cursor that this did not make.
 */
export function afterCursor<T extends Named>(
  items: readonly T[],
  cursor: string | undefined,
  limit: number,
): Page<T> | undefined {
  const last = cursor === undefined ? undefined : nameIn(cursor)
  if (cursor !== undefined && last === undefined) return undefined
  const sorted = [...items].sort((a, b) => (a.name < b.name ? -1 : 1))
  const rest = last === undefined ? sorted : sorted.filter(({ name }) => name > last)
  const page = rest.slice(0, limit)
  const end = page.at(-1)
  return { items: page, next: end && rest.length > page.length ? cursorAfter(end.name) : undefined }
}

const PREFIX = 'after:'

function cursorAfter(name: string): string {
  return Buffer.from(PREFIX + name).toString('base64url')
}

function nameIn(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString()
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length) : undefined
}
