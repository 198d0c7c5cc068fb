import type { Hit, Metadata } from '#kit/store/store'

/** Columns of `rag_chunks c` and `rag_documents d` that make up a hit, except its `score`. */
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

export function parseHit({ score, ...chunk }: HitRow): Hit {
  return { chunk, score }
}
