import type { TermCounts } from '#kit/retrieval/bm25'
import type { Chunk } from '#kit/retrieval/chunk'
import { detectLanguage } from './language.ts'
import { extractTerms } from './terms.ts'

/**
 * A term in a title or heading says more about a text than one in its body. As in BM25F, counts are weighted
 * before they saturate.
 */
const WEIGHTS = { name: 1, title: 2, headings: 2, text: 1 } as const

/** Counts the terms of a chunk, weighted by field, for a lexical index. */
export function countTerms({
  document,
  title,
  headings,
  text,
}: Omit<Chunk, 'id' | 'tokens' | 'ordinal'>): TermCounts {
  const fields = { name: document.replace(/\.\w+$/, ''), title, headings: headings.join('\n'), text }
  const language = detectLanguage(`${title} ${headings.join(' ')} ${text}`)
  const counts = new Map<string, number>()
  let length = 0
  for (const [field, weight] of Object.entries(WEIGHTS)) {
    for (const term of extractTerms(fields[field as keyof typeof WEIGHTS], language)) {
      counts.set(term, (counts.get(term) ?? 0) + weight)
      length += weight
    }
  }
  return { counts, length }
}

/** The text that a chunk's vector is made from, with the headings, which say what the text is about. */
export function toEmbeddingText({
  title,
  headings,
  text,
}: Pick<Chunk, 'title' | 'headings' | 'text'>): string {
  return [title, ...headings, '', text].join('\n')
}
