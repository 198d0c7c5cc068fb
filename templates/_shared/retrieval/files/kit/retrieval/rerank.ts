import { B, computeIdf, K1 } from '#kit/retrieval/bm25'
import { detectLanguage } from '#kit/retrieval/language'
import { extractTerms } from '#kit/retrieval/terms'

/**
 * How much of a pair's weight counts. Values from 0.5 to 1 make no difference on product docs that this code
 * was not written for.
 */
const PAIR_SHARE = 0.5

/** The weight of each term of a question: its inverse document frequency. */
export type TermWeights = ReadonlyMap<string, number>

/**
 * The weights of a question's terms among `total` texts. A term that no text has counts as rare, because the
 * question contains it. Empty if there are no terms.
 */
export function computeTermWeights(
  terms: readonly string[],
  { total, frequency }: { total: number; frequency: (term: string) => number },
): TermWeights {
  return new Map(terms.map((term) => [term, computeIdf(Math.max(1, frequency(term)), total)]))
}

/** The sum of some terms' weights. */
export function sumWeights(terms: Iterable<string>, weights: TermWeights): number {
  let total = 0
  for (const term of terms) total += weights.get(term) ?? 0
  return total
}

interface Candidate {
  score: number
  /** Includes the headings, where the question's words occur most often. */
  text: string
}

/**
 * Reranks lexical hits by word order, best first: for "retry limit", a text that says "retry limit" should
 * beat one that has the two words far apart. Adds BM25's score for each pair of neighbouring question terms
 * that are adjacent in the text, as in the sequential dependence model (Metzler and Croft, SIGIR 2005). It
 * reads the texts, so pass only the first few dozen hits.
 */
export function rerankByPairs<C extends Candidate>(
  question: string,
  candidates: readonly C[],
  weights: TermWeights,
): C[] {
  const pairs = weighPairs(extractTerms(question, detectLanguage(question)), weights)
  if (pairs.size === 0) return [...candidates]
  const texts = candidates.map(({ text }) => extractTerms(text, detectLanguage(text)))
  const average = texts.reduce((sum, { length }) => sum + length, 0) / texts.length
  const scored = candidates.map((candidate, index) => {
    const terms = texts[index] ?? []
    const norm = K1 * (1 - B + (B * terms.length) / average)
    return { ...candidate, score: candidate.score + PAIR_SHARE * scorePairs(terms, pairs, norm) }
  })
  return scored.sort((a, b) => b.score - a.score)
}

/** Pairs of neighbouring terms in the question, with the sum of their weights. */
function weighPairs(terms: readonly string[], weights: TermWeights): Map<string, number> {
  const weight = (term: string) => weights.get(term) ?? 0
  const neighbours = terms.slice(1).map((second, index) => [terms[index] ?? '', second] as const)
  const different = neighbours.filter(
    ([first, second]) => first !== second && weight(first) + weight(second) > 0,
  )
  return new Map(different.map(([first, second]) => [`${first} ${second}`, weight(first) + weight(second)]))
}

function scorePairs(terms: readonly string[], pairs: ReadonlyMap<string, number>, norm: number): number {
  const counts = new Map<string, number>()
  for (const [index, term] of terms.entries()) {
    const pair = `${terms[index - 1]} ${term}`
    if (pairs.has(pair)) counts.set(pair, (counts.get(pair) ?? 0) + 1)
  }
  const scores = [...counts].map(
    ([pair, count]) => ((pairs.get(pair) ?? 0) * count * (K1 + 1)) / (count + norm),
  )
  return scores.reduce((sum, score) => sum + score, 0)
}
