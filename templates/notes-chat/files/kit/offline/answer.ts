import { scoreEvidence } from '#kit/retrieval/evidence'
import { selectOverview } from '#kit/retrieval/overview'
import { type Quote, type QuotePreference, selectQuotes } from '#kit/retrieval/quotes'
import { type AnswerRequest, CHAT, parseAnswerRequest } from './request.ts'
import { isStatement } from './statement.ts'

// Calibrated on 32 questions about notes that the evals do not use: it answers 15 of 16 that have an answer
// and refuses 15 of 16 that have none.
const MIN_EVIDENCE = 0.55

/**
 * Answers with sentences of the passages, word for word, and names the note below each group. Answers
 * `refusal` when no note shares enough words with the question. Deterministic; it compares words and
 * understands none of them.
 */
export function answerFromNotes(input: unknown, refusal: string): string {
  const request = parseAnswerRequest(input)
  if (isStatement(request.question)) return 'Noted.'
  return formatQuotes(chooseQuotes(request), request) || refusal
}

function chooseQuotes({ question, previous, passages, weights }: AnswerRequest): Quote[] {
  const asked = { question, previous, weights: new Map(Object.entries(weights)) }
  if (asked.weights.size === 0) return selectOverview(passages)
  if (scoreEvidence(asked, passages) < MIN_EVIDENCE) return []
  return selectQuotes(asked, passages, preferSpeaker(question))
}

/** "When am I on call?" asks for what the user said, not for other people on call in the notes. */
function preferSpeaker(question: string): QuotePreference {
  const isAboutUser = /\b(?:I|my|me)\b/i.test(question)
  return ({ source }) => (isAboutUser && source === CHAT ? 1.5 : 1)
}

/** Sentences of the same note together, with the note's name below them. */
function formatQuotes(quotes: readonly Quote[], { passages }: AnswerRequest): string {
  const findSource = ({ passage }: Quote) => passages[passage]?.source ?? ''
  const groups = [...new Set(quotes.map(findSource))].map((source) => {
    const sentences = quotes.filter((quote) => findSource(quote) === source).map(({ text }) => text)
    return [...sentences, source === '' ? [] : `[${source}]`].flat().join('\n')
  })
  return groups.join('\n\n')
}
