import { Bm25Index } from '#kit/retrieval/bm25'
import type { Chunk } from '#kit/retrieval/chunk'
import { computeTermWeights, rerankByPairs, type TermWeights } from '#kit/retrieval/rerank'
import { listAskedWords, type ReadAs, resolveTerms } from './asked.ts'
import { countTerms, toEmbeddingText } from './fields.ts'

const CANDIDATES = 50 // hits that are reranked

export interface LexicalHit<C extends Chunk> {
  chunk: C
  /** Higher is better; comparable only within one search. 0 if the query has no terms. */
  score: number
}

/** Chunks in memory, searched by the words of the question and their stems only. */
export class LexicalIndex<C extends Chunk = Chunk> {
  readonly chunks: readonly C[]
  readonly #index = new Bm25Index()

  constructor(chunks: readonly C[]) {
    this.chunks = chunks
    for (const chunk of chunks) this.#index.add(countTerms(chunk))
  }

  /**
   * Chunks that share a term with the query, best first (BM25, then word order). If the query has no terms,
   * the beginnings of the documents.
   */
  find(query: string, limit: number): LexicalHit<C>[] {
    const { weights } = this.weigh(query)
    const terms = [...weights.keys()]
    if (terms.length === 0)
      return this.#beginnings()
        .slice(0, limit)
        .map((chunk) => ({ chunk, score: 0 }))
    const hits = this.#index.search(terms, CANDIDATES).flatMap(({ text, score }) => {
      const chunk = this.chunks[text]
      return chunk ? [{ chunk, score, text: toEmbeddingText(chunk) }] : []
    })
    const ranked = rerankByPairs(query, hits, weights)
    return ranked.slice(0, limit).map(({ chunk, score }) => ({ chunk, score }))
  }

  /** Weights of a text's terms in these chunks, and the words that were read as others. */
  weigh(text: string): { weights: TermWeights; readAs: readonly ReadAs[] } {
    const frequency = (term: string) => this.#index.frequency(term)
    const { terms, readAs } = resolveTerms(listAskedWords(text), frequency)
    return { weights: computeTermWeights(terms, { total: this.chunks.length, frequency }), readAs }
  }

  /** The first chunk of every document, then the second of every document, and so on. */
  #beginnings(): C[] {
    return [...this.chunks].sort((a, b) => a.ordinal - b.ordinal)
  }
}
