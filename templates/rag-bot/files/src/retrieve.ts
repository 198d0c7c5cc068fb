import type { Embedder } from '#kit/embeddings/open'
import { toEmbeddingText } from '#kit/retrieval/fields'
import { extractTerms } from '#kit/retrieval/terms'
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
  /** `beginnings`: there was nothing to look for, and these are where documents begin. */
  strategy: Strategy | 'beginnings'
  /** Best first. Scores of one strategy cannot be compared with another's. */
  hits: Hit[]
  weights: TermWeights
}

/** Ranks hits again, for example with a model that reads question and text together. Gets them best first, and returns them so. */
export type Rerank = (question: string, hits: readonly Hit[], signal?: AbortSignal) => Promise<Hit[]>

export interface Retriever {
  store: Store
  embedder: Embedder
  rerank?: Rerank
}

/** The chunks that say most about a question. Throws `StoreError`, `LlmError`, or the signal's reason. */
export async function retrieve(retriever: Retriever, search: Search): Promise<Retrieval> {
  const { embedder, rerank, store } = retriever
  const { question, limit = settings.sources, perDocument = settings.perDocument, signal } = search
  const strategy = search.strategy ?? settings.strategy[embedder.isSemantic ? 'semantic' : 'hashed']
  const weights = await weighTerms(store, question)
  const byWords = strategy === 'bm25' || strategy === 'lexical'
  if (byWords && weights.size === 0)
    return { strategy: 'beginnings', hits: await findBeginnings(retriever, search, limit), weights }
  const found = await findHits(retriever, search, strategy, weights)
  const ranked = rerank ? await rerank(question, found, signal) : found
  return { strategy, hits: capPerDocument(ranked, perDocument).slice(0, limit), weights }
}

/** How much each term of a text says in this index. */
async function weighTerms(store: Store, text: string): Promise<TermWeights> {
  const terms = [...new Set(extractTerms(text))]
  const { chunks, frequencies } = await store.statistics(terms)
  return computeTermWeights(terms, { total: chunks, frequency: (term) => frequencies.get(term) ?? 0 })
}

async function findHits(
  retriever: Retriever,
  search: Search,
  strategy: Strategy,
  weights: TermWeights,
): Promise<Hit[]> {
  switch (strategy) {
    case 'bm25':
      return searchBm25(retriever, search)
    case 'lexical':
      return searchLexical(retriever, search, weights)
    case 'vector':
      return searchVectors(retriever, search, settings.candidates)
    case 'hybrid':
      return fuseHits(
        await Promise.all([
          searchLexical(retriever, search, weights),
          searchVectors(retriever, search, settings.candidates),
        ]),
      )
    default:
      return strategy satisfies never
  }
}

function searchBm25({ store }: Retriever, search: Search): Promise<Hit[]> {
  return store.lexical(extractTerms(search.question), narrow(search, settings.candidates))
}

/** BM25, then ranked again by pairs of words that stand side by side. */
async function searchLexical(retriever: Retriever, search: Search, weights: TermWeights): Promise<Hit[]> {
  const hits = await searchBm25(retriever, search)
  const readable = hits.map((hit) => ({ ...hit, text: toEmbeddingText(hit.chunk) }))
  return rerankByPairs(search.question, readable, weights).map(({ chunk, score }) => ({ chunk, score }))
}

async function searchVectors({ store, embedder }: Retriever, search: Search, limit: number): Promise<Hit[]> {
  const [embedding = []] = await embedder.embed([search.question], search.signal)
  return store.nearest(embedding, narrow(search, limit))
}

function narrow({ filter, signal }: Search, limit: number) {
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

/** At most so many of one document: a page that repeats a word must not fill the context. */
function capPerDocument(hits: readonly Hit[], most: number): Hit[] {
  const taken = new Map<string, number>()
  return hits.filter(({ chunk: { document } }) => {
    const count = (taken.get(document) ?? 0) + 1
    taken.set(document, count)
    return count <= most
  })
}

/** Chunks among which beginnings are looked for. */
const SAMPLE = 500

/**
 * "What is this about?" has no term that words could rank by, and is about all documents alike: so the first chunks of documents, then the second ones. A store can list chunks only by
 * their distance from a vector, so it is asked for many and their places in their documents decide. Up to 500 chunks those are all there are; of a larger index it is a sample.
 */
async function findBeginnings(retriever: Retriever, search: Search, limit: number): Promise<Hit[]> {
  const hits = await searchVectors(retriever, search, SAMPLE)
  return hits.sort((a, b) => a.chunk.ordinal - b.chunk.ordinal).slice(0, limit)
}
