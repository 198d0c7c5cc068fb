import type { Hit, Metadata } from './store.ts'

/** Columns of `rag_chunks c` and `rag_documents d` that make a hit, beside its `score`. */
export const HIT_COLUMNS = `c.id, c.document, c.title, c.headings, c.body as text, c.tokens, c.ordinal, d.metadata`

export interface HitRow {
  id: string
  document: string
  title: string
  headings: string[]
  text: string
  tokens: number
  ordinal: number
  metadata: Metadata
  score: number
}

export function toHit({ score, ...chunk }: HitRow): Hit {
  return { chunk, score }
}

/** PostgreSQL keeps every character but NUL, and no half of a surrogate pair. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}

/** As `storable`, for JSON: keys and values. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner === 'string') return storable(inner)
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).map(([key, of]) => [storable(key), of]))
  })
}
