/** PostgreSQL keeps no NUL, and UTF-8 no half of a surrogate pair: no store keeps them, so that all of them keep the same. */
export function toStorableText(text: string): string {
  return text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}

/** As `storable`, for JSON: keys and values. */
export function toStorableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner === 'string') return toStorableText(inner)
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).map(([key, of]) => [toStorableText(key), of]))
  })
}

/** An index entry takes at most a third of a page; what is longer than this is no word, and its beginning will do. */
const MAX_TERM = 200

/** How a term is written in the index. */
export function toTermKey(term: string): string {
  return toStorableText(term.slice(0, MAX_TERM))
}

/** Terms as they are written in the index. Two that are written alike are one. */
export function toStorableTerms(terms: ReadonlyMap<string, number>): Map<string, number> {
  const merged = new Map<string, number>()
  for (const [term, frequency] of terms) {
    const key = toTermKey(term)
    merged.set(key, (merged.get(key) ?? 0) + frequency)
  }
  return merged
}
