/** A text as BM25 sees it: the count of each term, and the sum of the counts. */
export interface TermCounts {
  counts: ReadonlyMap<string, number>
  length: number
}

/**
 * The values that Robertson and Zaragoza recommend in "The Probabilistic Relevance Framework: BM25 and
 * Beyond", 2009.
 */
export const K1 = 1.2
export const B = 0.75

/** BM25's inverse document frequency of a term that `having` of `total` texts contain. Never below 0. */
export function computeIdf(having: number, total: number): number {
  return Math.log(1 + (total - having + 0.5) / (having + 0.5))
}

interface Posting {
  text: number
  count: number
}

/** Ranks texts that fit into memory. A text's number is its position in the order of `add` calls, from 0. */
export class Bm25Index {
  readonly #postings = new Map<string, Posting[]>()
  readonly #lengths: number[] = []
  #totalLength = 0

  add({ counts, length }: TermCounts): void {
    const text = this.#lengths.push(length) - 1
    this.#totalLength += length
    for (const [term, count] of counts) {
      const postings = this.#postings.get(term)
      if (postings) postings.push({ text, count })
      else this.#postings.set(term, [{ text, count }])
    }
  }

  get size(): number {
    return this.#lengths.length
  }

  /** In how many texts a term occurs. */
  frequency(term: string): number {
    return this.#postings.get(term)?.length ?? 0
  }

  /** Texts that contain a query term, best first, ties in the order of `add`. Repeated terms count once. */
  search(terms: readonly string[], limit: number): { text: number; score: number }[] {
    const scores = new Map<number, number>()
    const average = this.#totalLength / this.size
    for (const term of new Set(terms)) {
      const postings = this.#postings.get(term) ?? []
      const weight = computeIdf(postings.length, this.size)
      for (const { text, count } of postings) {
        const norm = K1 * (1 - B + (B * (this.#lengths[text] ?? 0)) / average)
        scores.set(text, (scores.get(text) ?? 0) + (weight * count * (K1 + 1)) / (count + norm))
      }
    }
    const ranked = [...scores].map(([text, score]) => ({ text, score }))
    return ranked.sort((a, b) => b.score - a.score || a.text - b.text).slice(0, limit)
  }
}
