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

/**
 * Inverse document frequency of a term that `having` of `total` texts contain, as BM25 defines it: ln(1 +
 * (total - having + 0.5) / (having + 0.5)). High for a rare term, close to 0 for one that every text has.
 */
export function computeIdf(having: number, total: number): number {
  return Math.log(1 + (total - having + 0.5) / (having + 0.5))
}

/** How often a term occurs in one text. */
interface Posting {
  /** The text's number. */
  text: number
  count: number
}

/** Texts by their terms. A text's number is its position in `lengths`, from 0. */
export interface InvertedIndex {
  /** For each term, the texts that contain it, each once. */
  postings: ReadonlyMap<string, readonly Posting[]>
  /** How many terms each text has. */
  lengths: readonly number[]
  /** The sum of `lengths`. */
  totalLength: number
}

export interface RankedText {
  /** The text's number. */
  text: number
  score: number
}

/**
 * Ranks the texts that contain a query term by BM25, best first, and returns the first `limit`. Equal scores
 * keep the order of the texts' numbers. A text's score is the sum over the query terms that it contains,
 * repeated ones once, of
 *
 *   idf × count × (K1 + 1) / (count + K1 × (1 - B + B × length / averageLength))
 *
 * with the term's `computeIdf`, its count in the text, and the lengths of this text and of the average one.
 */
export function rankByBm25(
  terms: readonly string[],
  { postings, lengths, totalLength }: InvertedIndex,
  limit: number,
): RankedText[] {
  const scores = new Map<number, number>()
  const average = totalLength / lengths.length
  for (const term of new Set(terms)) {
    const having = postings.get(term) ?? []
    const weight = computeIdf(having.length, lengths.length)
    for (const { text, count } of having) {
      const norm = K1 * (1 - B + (B * (lengths[text] ?? 0)) / average)
      scores.set(text, (scores.get(text) ?? 0) + (weight * count * (K1 + 1)) / (count + norm))
    }
  }
  const ranked = [...scores].map(([text, score]) => ({ text, score }))
  return ranked.sort((a, b) => b.score - a.score || a.text - b.text).slice(0, limit)
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

  /** The best `limit` texts for these terms, best first. */
  search(terms: readonly string[], limit: number): RankedText[] {
    const [postings, lengths] = [this.#postings, this.#lengths]
    return rankByBm25(terms, { postings, lengths, totalLength: this.#totalLength }, limit)
  }
}
