import type { Embedder } from '#kit/embeddings/open'
import { listAskedWords, listGuessedTerms, type ReadAs, resolveTerms } from '#kit/retrieval/asked'
import { toEmbeddingText } from '#kit/retrieval/fields'
import type { Filter, Hit, Store } from '#kit/store/store'
import { fuseRankings } from './fusion.ts'
import { computeTermWeights, rerankByPairs, type TermWeights } from './rerank.ts'
import { type Strategy, settings } from './settings.ts'

export interface Search {
  question: string
  strategy?: Strategy
  limit?: number
  perDocument?: number
  filter?: Filter | undefined
  signal?: AbortSignal | undefined
}

export interface Retrieval {
  /** `beginnings`: the question has no term to search for, so the hits are the first chunks of documents. */
  strategy: Strategy | 'beginnings'
  /** Best first. Scores of one strategy cannot be compared with another's. */
  hits: Hit[]
  weights: TermWeights
  /** Words of the question that no document has, and those that were looked for instead. */
  readAs: readonly ReadAs[]
}

/**
 * Reranks hits, for example with a model that reads question and text together. Input and output are best
 * first.
 */
export type Rerank = (question: string, hits: readonly Hit[], signal?: AbortSignal) => Promise<Hit[]>

export interface Retriever {
  store: Store
  embedder: Embedder
  rerank?: Rerank
}

/**
 * Retrieves the chunks that say most about a question. Throws `StoreError`, `LlmError`, or the signal's
 * reason.
 */
export async function retrieve(retriever: Retriever, search: Search): Promise<Retrieval> {
  const { embedder, rerank, store } = retriever
  const { question, limit = settings.sources, perDocument = settings.perDocument, signal } = search
  const strategy = search.strategy ?? settings.strategy[embedder.isSemantic ? 'semantic' : 'hashed']
  const { weights, readAs } = await weighQuestionTerms(store, question)
  const byWords = strategy === 'bm25' || strategy === 'lexical'
  if (byWords && weights.size === 0)
    return { strategy: 'beginnings', hits: await findBeginnings(retriever, search, limit), weights, readAs }
  const found = await findHits(retriever, search, strategy, weights)
  const ranked = rerank ? await rerank(question, found, signal) : found
  return { strategy, hits: capPerDocument(ranked, perDocument).slice(0, limit), weights, readAs }
}

/** Weighs each term of a question by how rare it is in this index. A mistyped word is read as one that the index has. */
async function weighQuestionTerms(
  store: Store,
  text: string,
): Promise<{ weights: TermWeights; readAs: ReadAs[] }> {
  const words = listAskedWords(text)
  const { chunks, frequencies } = await store.statistics([...new Set(words.flatMap((word) => word.terms))])
  const guesses = listGuessedTerms(words, (term) => frequencies.get(term) ?? 0)
  const guessed = guesses.length > 0 ? (await store.statistics(guesses)).frequencies : frequencies
  const frequency = (term: string) => frequencies.get(term) ?? guessed.get(term) ?? 0
  const { terms, readAs } = resolveTerms(words, frequency)
  return { weights: computeTermWeights(terms, { total: chunks, frequency }), readAs }
}

async function findHits(
  retriever: Retriever,
  search: Search,
  strategy: Strategy,
  weights: TermWeights,
): Promise<Hit[]> {
  switch (strategy) {
    case 'bm25':
      return searchBm25(retriever, search, weights)
    case 'lexical':
      return searchByWords(retriever, search, weights)
    case 'vector':
      return searchVectors(retriever, search, settings.candidates)
    case 'hybrid':
      return fuseHits(
        await Promise.all([
          searchByWords(retriever, search, weights),
          searchVectors(retriever, search, settings.candidates),
        ]),
      )
    default:
      return strategy satisfies never
  }
}

function searchBm25({ store }: Retriever, search: Search, weights: TermWeights): Promise<Hit[]> {
  return store.lexical([...weights.keys()], toSearchOptions(search, settings.candidates))
}

/** Searches with BM25, then reranks by pairs of adjacent words. */
async function searchByWords(retriever: Retriever, search: Search, weights: TermWeights): Promise<Hit[]> {
  const hits = await searchBm25(retriever, search, weights)
  const readable = hits.map((hit) => ({ ...hit, text: toEmbeddingText(hit.chunk) }))
  return rerankByPairs(search.question, readable, weights).map(({ chunk, score }) => ({ chunk, score }))
}

async function searchVectors({ store, embedder }: Retriever, search: Search, limit: number): Promise<Hit[]> {
  const [embedding = []] = await embedder.embed([search.question], search.signal)
  return store.nearest(embedding, toSearchOptions(search, limit))
}

function toSearchOptions({ filter, signal }: Search, limit: number) {
  return { limit, ...(filter && { filter }), ...(signal && { signal }) }
}

function fuseHits(lists: readonly Hit[][]): Hit[] {
  const byId = new Map(lists.flat().map(({ chunk }) => [chunk.id, chunk]))
  const ranked = fuseRankings(lists.map((hits) => hits.map(({ chunk }) => chunk.id)))
  return ranked.flatMap(({ id, score }) => {
    const chunk = byId.get(id)
    return chunk ? [{ chunk, score }] : []
  })
}

/** Caps the hits per document: a page that repeats a word must not fill the context. */
function capPerDocument(hits: readonly Hit[], most: number): Hit[] {
  const taken = new Map<string, number>()
  return hits.filter(({ chunk: { document } }) => {
    const count = (taken.get(document) ?? 0) + 1
    taken.set(document, count)
    return count <= most
  })
}

/** How many chunks to search for beginnings. */
const SAMPLE = 500

/**
 * "What is this about?" has no term to rank by and concerns all documents alike, so this returns the first
 * chunks of documents, then the second ones. A store lists chunks only by distance from a vector, so this
 * asks for many and sorts them by position. An index of up to 500 chunks is covered whole, a larger one is
 * sampled.
 */
async function findBeginnings(retriever: Retriever, search: Search, limit: number): Promise<Hit[]> {
  const hits = await searchVectors(retriever, search, SAMPLE)
  return hits.sort((a, b) => a.chunk.ordinal - b.chunk.ordinal).slice(0, limit)
}
