import { SpanKind } from '@opentelemetry/api'
import type { Embedder } from '#kit/embeddings/open'
import { ATTR } from '#kit/otel/names'
import { contentAttributes, inSpan } from '#kit/otel/spans'
import { embeddedText } from '#kit/retrieval/fields'
import { capped, reciprocalRankFusion } from '#kit/retrieval/ranking'
import { rerankByPairs, type TermWeights, termWeights } from '#kit/retrieval/rerank'
import { termsOf } from '#kit/retrieval/terms'
import type { Filter, Hit, SearchOptions, Store } from '#kit/store/store'
import { type Strategy, settings } from './settings.ts'

export interface Search {
  question: string
  strategy?: Strategy
  limit?: number
  perDocument?: number
  filter?: Filter
  signal?: AbortSignal
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
export function retrieve(retriever: Retriever, search: Search): Promise<Retrieval> {
  const { limit = settings.sources, question, signal } = search
  const start = {
    name: `retrieval ${retriever.store.name}`,
    kind: SpanKind.CLIENT,
    signal,
    attributes: {
      [ATTR.operation]: 'retrieval',
      [ATTR.dataSource]: retriever.store.name,
      [ATTR.topK]: limit,
      ...contentAttributes(() => ({ [ATTR.retrievalQuery]: question })),
    },
  }
  return inSpan(start, async (span) => {
    const retrieval = await retrieveHits(retriever, search)
    const found = retrieval.hits.map(({ chunk, score }) => ({ id: chunk.id, score }))
    span.setAttributes(contentAttributes(() => ({ [ATTR.retrievalDocuments]: JSON.stringify(found) })))
    return retrieval
  })
}

async function retrieveHits(retriever: Retriever, search: Search): Promise<Retrieval> {
  const {
    strategy = defaultStrategy(retriever),
    limit = settings.sources,
    perDocument = settings.perDocument,
  } = search
  const weights = await weightsOf(retriever.store, search.question)
  const words = strategy === 'bm25' || strategy === 'lexical'
  if (words && weights.size === 0)
    return { strategy: 'beginnings', hits: await beginnings(retriever, search, limit), weights }
  const found = await hitsOf(retriever, search, strategy, weights)
  const ranked = retriever.rerank ? await retriever.rerank(search.question, found, search.signal) : found
  const byDocument = ranked.map((hit) => ({ ...hit, document: hit.chunk.document }))
  const hits = capped(byDocument, { limit, perDocument }).map(({ chunk, score }) => ({ chunk, score }))
  return { strategy, hits, weights }
}

function defaultStrategy({ embedder }: Retriever): Strategy {
  return embedder.isSemantic ? settings.strategy.semantic : settings.strategy.hashed
}

/** How much each term of a text says in this index. */
export async function weightsOf(store: Store, text: string): Promise<TermWeights> {
  const terms = [...new Set(termsOf(text))]
  const { chunks, frequencies } = await store.statistics(terms)
  return termWeights(terms, { total: chunks, frequency: (term) => frequencies.get(term) ?? 0 })
}

async function hitsOf(
  retriever: Retriever,
  search: Search,
  strategy: Strategy,
  weights: TermWeights,
): Promise<Hit[]> {
  switch (strategy) {
    case 'bm25':
      return bm25(retriever, search)
    case 'lexical':
      return lexical(retriever, search, weights)
    case 'vector':
      return vector(retriever, search)
    case 'hybrid': {
      const [byWords, byMeaning] = await Promise.all([
        lexical(retriever, search, weights),
        vector(retriever, search),
      ])
      return fused(byWords, byMeaning)
    }
    default:
      return strategy satisfies never
  }
}

function bm25({ store }: Retriever, search: Search): Promise<Hit[]> {
  return store.lexical(termsOf(search.question), within(search, settings.candidates))
}

function within({ filter, signal }: Search, limit: number): SearchOptions {
  return { limit, ...(filter && { filter }), ...(signal && { signal }) }
}

async function lexical(retriever: Retriever, search: Search, weights: TermWeights): Promise<Hit[]> {
  const hits = await bm25(retriever, search)
  const readable = hits.map((hit) => ({ ...hit, text: embeddedText(hit.chunk) }))
  const ranked = rerankByPairs(search.question, readable, weights)
  return ranked.map(({ chunk, score }) => ({ chunk, score }))
}

async function vector(
  { store, embedder }: Retriever,
  search: Search,
  limit: number = settings.candidates,
): Promise<Hit[]> {
  const [embedding = []] = await embedder.embed([search.question], search.signal)
  return store.nearest(embedding, within(search, limit))
}

/** Chunks among which beginnings are looked for. */
const SAMPLE = 500

/**
 * "What is this about?" has no term that words could rank by, and is about all documents alike: so the first chunks of documents, then the second ones. A store can list chunks only by
 * their distance from a vector, so it is asked for many and their places in their documents decide. Up to 500 chunks those are all there are; of a larger index it is a sample.
 */
async function beginnings(retriever: Retriever, search: Search, limit: number): Promise<Hit[]> {
  const hits = await vector(retriever, search, SAMPLE)
  return hits.sort((a, b) => a.chunk.ordinal - b.chunk.ordinal).slice(0, limit)
}

function fused(...lists: readonly Hit[][]): Hit[] {
  const byId = new Map(lists.flat().map((hit) => [hit.chunk.id, hit.chunk]))
  const ranked = reciprocalRankFusion(lists.map((hits) => hits.map(({ chunk }) => chunk.id)))
  return ranked.flatMap(({ id, score }) => {
    const chunk = byId.get(id)
    return chunk ? [{ chunk, score }] : []
  })
}
