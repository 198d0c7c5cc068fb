import type { EmbeddingIdentity, IndexedChunk, IndexedDocument, Metadata, Store } from '#kit/store/store'

export const EMBEDDING: EmbeddingIdentity = { model: 'sample', dimensions: 8 }

/** Enough time for a database on a busy machine. */
export const PATIENT = { timeout: 60_000 }

/** Opens an empty store. */
export type Open = () => Promise<Store>

export async function fill(open: Open, documents: readonly IndexedDocument[]): Promise<Store> {
  const store = await open()
  await store.replaceDocuments(documents)
  return store
}

export const idsOf = (hits: readonly { chunk: { id: string } }[]) => hits.map(({ chunk }) => chunk.id)

/** A document whose chunks are `texts`. Every word is a term; the vector counts words by first letter. */
export function sample(name: string, texts: readonly string[], metadata: Metadata = {}): IndexedDocument {
  const title = `About ${name}`
  const chunks = texts.map((text, ordinal) => chunkOf(name, text, ordinal))
  return { document: { name, title, hash: `hash of ${texts.join()}`, metadata }, chunks }
}

export function chunkOf(document: string, text: string, ordinal: number): IndexedChunk {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const terms = new Map<string, number>()
  for (const word of words) terms.set(word, (terms.get(word) ?? 0) + 1)
  return {
    id: `${document}#${String(ordinal).padStart(4, '0')}`,
    document,
    title: `About ${document}`,
    headings: ['Part', `${ordinal}`],
    text,
    tokens: words.length,
    ordinal,
    terms,
    length: words.length,
    embedding: vectorOf(words),
  }
}

export function vectorOf(words: readonly string[]): number[] {
  const vector = Array.from({ length: EMBEDDING.dimensions }, () => 0.01)
  for (const word of words) {
    const place = (word.codePointAt(0) ?? 0) % EMBEDDING.dimensions
    vector[place] = (vector[place] ?? 0) + 1
  }
  return vector
}

/** Seeded random numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Words distributed as in real texts: a few are everywhere, many are rare. */
export function randomWords(random: () => number, count: number): string[] {
  return Array.from(
    { length: count },
    () => `${'abcdefgh'[Math.floor(random() * 8)]}${Math.floor(40 * random() ** 3)}`,
  )
}

/** Counts and lengths are fractions, as weighted headings can make them. */
export function randomDocument(random: () => number, name: string): IndexedDocument {
  const texts = Array.from({ length: Math.floor(random() * 5) }, () =>
    randomWords(random, 3 + Math.floor(random() * 30)).join(' '),
  )
  const { document, chunks } = sample(name, texts, { group: Math.floor(random() * 3) })
  const weighted = chunks.map((chunk) => ({
    ...chunk,
    terms: new Map(
      [...chunk.terms].map(([term, count]) => [term, count * (1 + Math.floor(random() * 2) * 0.7)]),
    ),
    length: chunk.length * 1.1,
  }))
  return { document, chunks: weighted }
}

/** BM25 as textbooks define it, without a database. */
export function bm25(chunks: readonly IndexedChunk[], terms: readonly string[]): Map<string, number> {
  const average = chunks.reduce((sum, { length }) => sum + length, 0) / chunks.length
  const scores = new Map<string, number>()
  for (const term of new Set(terms)) {
    const having = chunks.filter((chunk) => chunk.terms.has(term))
    const idf = Math.log(1 + (chunks.length - having.length + 0.5) / (having.length + 0.5))
    for (const { id, terms: counts, length } of having) {
      const count = counts.get(term) ?? 0
      const share = (idf * count * 2.2) / (count + 1.2 * (1 - 0.75 + (0.75 * length) / average))
      scores.set(id, (scores.get(id) ?? 0) + share)
    }
  }
  return scores
}
