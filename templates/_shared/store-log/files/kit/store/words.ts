import { B, computeIdf, K1 } from '#kit/retrieval/bm25'

/** The parts of a text that BM25 counts. */
export interface Counted {
  id: string
  terms: ReadonlyMap<string, number>
  length: number
}

/** Lengths are added as whole millionths, because sums of fractions would drift with every change. */
const MILLION = 1e6

/** BM25 in memory, over texts that are added and removed. The scores are those of a new index. */
export class Words<Text extends Counted> {
  readonly #postings = new Map<string, Set<Text>>()
  #texts = 0
  #length = 0

  get size(): number {
    return this.#texts
  }

  add(text: Text): void {
    this.#texts += 1
    this.#length += Math.round(text.length * MILLION)
    for (const term of text.terms.keys()) {
      const having = this.#postings.get(term)
      if (having) having.add(text)
      else this.#postings.set(term, new Set([text]))
    }
  }

  remove(text: Text): void {
    this.#texts -= 1
    this.#length -= Math.round(text.length * MILLION)
    for (const term of text.terms.keys()) {
      const having = this.#postings.get(term)
      having?.delete(text)
      if (having?.size === 0) this.#postings.delete(term)
    }
  }

  /** In how many texts a term occurs. */
  frequency(term: string): number {
    return this.#postings.get(term)?.size ?? 0
  }

  /**
   * Texts that contain a query term, best first, ties by id. A term's share of the score is rounded to whole
   * ten-millionths: the order does not change the sum of whole numbers, so equal texts tie, here as in SQL.
   */
  search(terms: ReadonlySet<string>, isWanted: (text: Text) => boolean): { text: Text; score: number }[] {
    const scores = new Map<Text, number>()
    const slope = (K1 * B * this.#texts * MILLION) / this.#length
    for (const term of terms) {
      const having = this.#postings.get(term) ?? new Set()
      const weight = 1e7 * computeIdf(having.size, this.#texts) * (K1 + 1)
      for (const text of having) {
        if (!isWanted(text)) continue
        const count = text.terms.get(term) ?? 0
        const share = Math.round((weight * count) / (count + K1 * (1 - B) + slope * text.length))
        scores.set(text, (scores.get(text) ?? 0) + share)
      }
    }
    return sortByScore([...scores].map(([text, share]) => ({ text, score: share / 1e7 })))
  }
}

/** Best first, ties by id. */
export function sortByScore<Scored extends { text: { id: string }; score: number }>(
  scored: Scored[],
): Scored[] {
  return scored.sort((a, b) => b.score - a.score || (a.text.id < b.text.id ? -1 : 1))
}
