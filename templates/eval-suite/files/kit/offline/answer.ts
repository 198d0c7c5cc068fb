import * as z from 'zod'
import { scoreEvidence } from '#kit/retrieval/evidence'
import { selectQuotes } from '#kit/retrieval/quotes'
import { computeTermWeights } from '#kit/retrieval/rerank'
import { extractTerms } from '#kit/retrieval/terms'

/** What the prompts ask a model to say, so that both can be graded alike. */
export const REFUSAL = 'The text does not say.'

/** Weighted share of the question's terms. Below it, the text is about something else. */
const MIN_EVIDENCE = 0.6

const request = z.strictObject({ question: z.string(), text: z.string(), maxWords: z.int().positive() })

/**
 * Answers a question about a text with sentences of it, word for word, within a budget of words. Refuses when
 * the text shares too little with the question. It compares words and understands none of them: the floor
 * that a model has to beat.
 */
export function answerFromText(input: unknown): string {
  const { question, text, maxWords } = request.parse(input)
  const passages = text.split(/\n(?=#)/).map((section, index) => toSection(section, index))
  const terms = passages.map(({ heading, text }) => new Set(extractTerms(`${heading} ${text}`)))
  const frequency = (term: string) => terms.filter((known) => known.has(term)).length
  const weights = computeTermWeights(extractTerms(question), { total: passages.length, frequency })
  const asked = { question, previous: '', weights }
  if (scoreEvidence(asked, passages) < MIN_EVIDENCE) return REFUSAL
  const quotes = selectQuotes(asked, passages).map((quote) => quote.text.split(/\s+/))
  return quotes.length === 0 ? REFUSAL : cutToWords(maxWords, quotes)
}

function toSection(section: string, index: number) {
  const [, heading = '', text = section] = /^#+ ([^\n]*)\n([\s\S]*)$/.exec(section) ?? []
  return { source: String(index), heading, text }
}

/** Joins sentences up to the word limit; the last one may be cut. */
function cutToWords(maxWords: number, sentences: readonly string[][]): string {
  const words = sentences.flat()
  return words.length <= maxWords ? words.join(' ') : `${words.slice(0, maxWords).join(' ')} …`
}
