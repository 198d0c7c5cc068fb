/**
 * Removes NUL, which PostgreSQL refuses, and replaces lone surrogates, which UTF-8 can't encode, so that
 * every store keeps the same text.
 */
export function toStorableText(text: string): string {
  return text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}

/** Converts to JSON, with `toStorableText` applied to keys and values. */
export function toStorableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner === 'string') return toStorableText(inner)
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).map(([key, of]) => [toStorableText(key), of]))
  })
}

/** An index entry takes a third of a page at most. A longer term is not a word; its beginning is enough. */
const MAX_TERM = 200

/** Converts a term to its key in the index. */
export function toTermKey(term: string): string {
  return toStorableText(term.slice(0, MAX_TERM))
}

/** Converts terms to index keys and merges terms that get the same key. */
export function toStorableTerms(terms: ReadonlyMap<string, number>): Map<string, number> {
  const merged = new Map<string, number>()
  for (const [term, frequency] of terms) {
    const key = toTermKey(term)
    merged.set(key, (merged.get(key) ?? 0) + frequency)
  }
  return merged
}
