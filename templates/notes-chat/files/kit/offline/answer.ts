import { evidenceFor } from '#kit/retrieval/evidence'
import { overviewOf } from '#kit/retrieval/overview'
import { type Preference, type Quote, quotesFor } from '#kit/retrieval/quotes'
import { REFUSAL } from '../../src/prompts.ts'
import { type AnswerRequest, answerRequest, CHAT, isStatement } from './request.ts'

// Of 32 questions about other notes than those of the evals, this keeps 15 of 16 and refuses 15 of 16: test/calibration.json.
const MIN_EVIDENCE = 0.55

/**
 * Answers with sentences of the chosen passages, word for word, below each group the note that it stands in. Refuses when no
 * note has enough of what was asked. Deterministic; it compares words and does not understand any of them.
 */
export function answerFromNotes(input: unknown): string {
  const request = answerRequest.parse(input)
  if (isStatement(request.question)) return 'Noted.'
  return inGroups(quotesOf(request), request) || REFUSAL
}

function quotesOf({ question, previous, passages, weights }: AnswerRequest): Quote[] {
  const asked = { question, previous, weights: new Map(Object.entries(weights)) }
  if (asked.weights.size === 0) return overviewOf(passages)
  if (evidenceFor(asked, passages) < MIN_EVIDENCE) return []
  return quotesFor(asked, passages, preferenceFor(question))
}

/** "When am I on call?" is about what the user said, not about whoever else is on call in the notes. */
function preferenceFor(question: string): Preference {
  const isAboutUser = /\b(?:I|my|me)\b/i.test(question)
  return ({ source }) => (isAboutUser && source === CHAT ? 1.5 : 1)
}

/** Sentences of the same note together, the note below them. */
function inGroups(quotes: readonly Quote[], { passages }: AnswerRequest): string {
  const sourceOf = ({ passage }: Quote) => passages[passage]?.source ?? ''
  const groups = [...new Set(quotes.map(sourceOf))].map((source) => {
    const sentences = quotes.filter((quote) => sourceOf(quote) === source).map(({ text }) => text)
    return [...sentences, source === '' ? [] : `[${source}]`].flat().join('\n')
  })
  return groups.join('\n\n')
}
