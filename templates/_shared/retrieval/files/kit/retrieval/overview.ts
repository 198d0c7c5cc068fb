import { isInjection } from './injection.ts'
import type { Quote, QuotedPassage } from './quotes.ts'
import { listQuotableSentences } from './sentences.ts'

const MAX_SENTENCES = 5
const NUMBER = /\d[\d.,:]*/g
const NAME = /(?<=[\p{L}\p{N},;:"“] )\p{Lu}\p{L}{2,}/gu

/**
 * For a question without a search term, such as "What is this about?": the sentences with the most names and
 * numbers, word for word, in the order of their passages. Empty if no text is a whole sentence. Like quotes,
 * sentences are chosen by their letters, not understood.
 */
export function selectOverview(passages: readonly Pick<QuotedPassage, 'text'>[]): Quote[] {
  const sentences = passages.flatMap(({ text }, passage) =>
    listQuotableSentences(text).map((sentence) => ({ passage, text: sentence })),
  )
  const candidates = sentences
    .map((sentence, place) => ({ ...sentence, place, score: scoreSpecificity(sentence.text) }))
    .filter(({ text }) => isWhole(text) && !text.includes('://') && !isInjection(text))
  const best = candidates.sort((a, b) => b.score - a.score || a.place - b.place).slice(0, MAX_SENTENCES)
  return best.sort((a, b) => a.place - b.place).map(({ passage, text, place }) => ({ passage, text, place }))
}

function isWhole(text: string): boolean {
  return /^[\p{Lu}\p{N}*_"“`].*[.!?]$/u.test(text) && text.split(' ').length > 4
}

/** Counts names and numbers, which a reader could not guess, up to four. Long sentences have no advantage. */
function scoreSpecificity(text: string): number {
  const count = (text.match(NUMBER)?.length ?? 0) + (text.match(NAME)?.length ?? 0)
  return Math.min(4, count) - text.length / 200
}
