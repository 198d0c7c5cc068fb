import { sumWeights, type TermWeights } from '#kit/retrieval/rerank'
import { isInjection } from './injection.ts'
import { listQuotableSentences } from './sentences.ts'
import { extractTerms } from './terms.ts'

/** Text that was retrieved for a question. */
export interface QuotedPassage {
  /** Passages with the same source are one document. */
  source: string
  /** Title and headings, joined. */
  heading: string
  text: string
}

export interface QuoteRequest {
  question: string
  /** The question that this one follows up on, or an empty string. */
  previous: string
  weights: TermWeights
}

export interface Quote {
  /** Index of the passage. */
  passage: number
  /** A sentence, list item, table row or line of code, word for word. */
  text: string
  /** Its place among all sentences of all passages. */
  place: number
}

const MIN_COVERAGE = 0.3 // of the question, by the best sentence and its heading
const HEADING_WEIGHT = 0.5 // a sentence below a heading is about it, but does not say it
const PREVIOUS_WEIGHT = 0.5
const MAX_QUOTES = 4

/**
 * The sentences that share the most words with a question, in the order of their passages. None if the best
 * one shares too little. Deterministic: it compares words and understands none of them.
 */
export function selectQuotes(
  asked: QuoteRequest,
  passages: readonly QuotedPassage[],
  prefers: QuotePreference = () => 1,
): Quote[] {
  const terms = weighAskedTerms(asked)
  const total = sumWeights(terms.keys(), terms)
  const candidates = passages.flatMap((passage, number) =>
    listCandidates(passage, number, terms).map((candidate) => ({
      ...candidate,
      score: candidate.score * fit(asked.question, candidate.text) * prefers(passage),
    })),
  )
  return choose(candidates, terms, total).sort((a, b) => a.place - b.place)
}

/** How much the sentences of a passage count; 1 is normal. */
export type QuotePreference = (passage: QuotedPassage) => number

interface QuoteCandidate extends Quote {
  found: Set<string>
  score: number
}

function weighAskedTerms({ question, previous, weights }: QuoteRequest): Map<string, number> {
  const weight = (term: string) => weights.get(term) ?? 0
  const before = extractTerms(previous).map((term): [string, number] => [
    term,
    weight(term) * PREVIOUS_WEIGHT,
  ])
  return new Map([...before, ...extractTerms(question).map((term): [string, number] => [term, weight(term)])])
}

function listCandidates(
  { heading, text }: QuotedPassage,
  number: number,
  terms: TermWeights,
): QuoteCandidate[] {
  const above = new Set(extractTerms(heading))
  const sentences = listQuotableSentences(text).filter((sentence) => !isInjection(sentence))
  return sentences.map((sentence, index) => {
    const inSentence = new Set(extractTerms(sentence))
    const found = new Set([...terms.keys()].filter((term) => inSentence.has(term) || above.has(term)))
    const scores = [...found].map(
      (term) => (terms.get(term) ?? 0) * (inSentence.has(term) ? 1 : HEADING_WEIGHT),
    )
    const score = scores.reduce((total, one) => total + one, 0)
    return { passage: number, text: sentence, place: number * 10_000 + index, found, score }
  })
}

const KINDS: readonly (readonly [RegExp, RegExp])[] = [
  [/\bwhen\b|\bwhat (?:day|time|date)\b|\bhow (?:long|often)\b/i, /\d|day\b|night|week|month|hour|minute/i],
  [/\bwho(?:m|se)?\b/i, /(?<!^)\p{Lu}\p{Ll}+/u],
  [/\bhow (?:many|much|big|large|old|far)\b/i, /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b/i],
]

/** Lowers the score of a sentence that lacks what this kind of question asks for, or is not a sentence. */
function fit(question: string, sentence: string): number {
  const kind = KINDS.find(([asks]) => asks.test(question))
  const answersKind = kind === undefined || kind[1].test(sentence) ? 1 : 0.75
  return answersKind * (/[.!?:]["')*_`]*$/.test(sentence) ? 1 : 0.9)
}

/** The best sentence, then those that add enough terms not yet covered or score nearly as high. */
function choose(candidates: readonly QuoteCandidate[], terms: TermWeights, total: number): QuoteCandidate[] {
  const ranked = [...candidates].sort((a, b) => b.score - a.score || a.place - b.place)
  const [best] = ranked
  if (best === undefined || best.score < MIN_COVERAGE * total) return []
  const chosen = [best]
  const said = new Set(best.found)
  for (const candidate of ranked.slice(1)) {
    if (chosen.length === MAX_QUOTES) break
    const gain = sumWeights(
      [...candidate.found].filter((term) => !said.has(term)),
      terms,
    )
    if (gain < 0.15 * total && candidate.score < 0.85 * best.score) continue
    if (chosen.some(({ text }) => text === candidate.text)) continue
    chosen.push(candidate)
    for (const term of candidate.found) said.add(term)
  }
  return chosen
}
