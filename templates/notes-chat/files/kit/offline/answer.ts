import { scoreEvidence } from '#kit/retrieval/evidence'
import { selectOverview } from '#kit/retrieval/overview'
import { type Quote, type QuotePreference, selectQuotes } from '#kit/retrieval/quotes'
import { breakLines, type NotePassage } from './facts.ts'
import { findAnswers } from './find-answers.ts'
import { readNames, readQuestion } from './question.ts'
import { type AnswerRequest, CHAT, parseAnswerRequest } from './request.ts'
import { isStatement } from './statement.ts'
import { extractSubjects } from './verbs.ts'

// Calibrated on 32 questions about notes that the evals do not use: it answers all 16 that have an answer and
// refuses 15 of 16 that have none.
const MIN_EVIDENCE = 0.55

/**
 * Answers with sentences of the passages, word for word, and names the note below each group. Answers
 * `refusal` when no note shares enough words with the question, or none holds what it asks for: a date, a
 * place, a name, an amount. Deterministic; it compares words and understands none of them.
 */
export function answerFromNotes(input: unknown, refusal: string): string {
  const request = parseAnswerRequest(input)
  if (isStatement(request.question)) return 'Noted.'
  return formatQuotes(chooseQuotes(request), request) || refusal
}

function chooseQuotes({ question, previous, passages, weights }: AnswerRequest): Quote[] {
  const terms = new Map(Object.entries(weights))
  if (terms.size === 0) return selectOverview(passages)
  const notes = passages.map(nameNote)
  const parts = question.split(AND_ASKS)
  const quotes = parts.flatMap((part, index) => {
    const before = index === 0 ? previous : POINTS_BACK.test(part) ? `${previous} ${parts[0]}` : ''
    return answerPart({ question: part, previous: before.trim(), weights: terms }, notes)
  })
  const firsts = new Map(quotes.map((quote) => [`${quote.passage} ${quote.text}`, quote]))
  return [...firsts.values()].sort((a, b) => a.place - b.place)
}

/** "Who has the key, and when is the rehearsal?" is two questions. */
const AND_ASKS =
  /,?\s+and\s+(?=(?:(?:on|at|by|in|for|from|to|since|until|with)\s+)?(?:who|when|where|how|what|which)\b)/i

const POINTS_BACK = /\b(?:it|its|he|she|him|her|they|them|their|that|those|these|this|there)\b/i

function answerPart(
  asked: { question: string; previous: string; weights: Map<string, number> },
  notes: readonly NotePassage[],
): Quote[] {
  const prefers = preferSpeaker(asked.question)
  const read = readQuestion(asked.question, asked.previous)
  if (read !== undefined) return findAnswers(read, asked.weights, notes, prefers)
  const named = clearUnnamed(notes, readNames(asked.question))
  if (scoreEvidence(asked, named) < MIN_EVIDENCE) return []
  return selectQuotes(asked, named, prefers)
}

/** Empties the passages of notes that have none of the names in the question: their places in the list count. */
function clearUnnamed(notes: readonly NotePassage[], names: ReadonlySet<string>): NotePassage[] {
  const said = notes.map(({ heading, text }) => new Set(extractSubjects(`${heading} ${text}`)))
  const isNamed = (at: number) =>
    notes.some(
      ({ source }, other) =>
        source === notes[at]?.source && [...names].some((name) => said[other]?.has(name)),
    )
  return notes.map((note, at) =>
    names.size === 0 || isNamed(at) ? note : { ...note, heading: '', headings: [], text: '' },
  )
}

/** A note's name is a heading too: people ask for "the offsite" that is in `offsite.md`. */
function nameNote({ source, name, heading, headings, text }: AnswerRequest['passages'][number]): NotePassage {
  const file = source === CHAT ? '' : (name ?? source).replace(/\.\w+$/, '')
  return {
    ...{ source, name: file },
    heading: `${heading} ${file}`,
    headings: headings ?? [heading],
    text: breakLines(text),
  }
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
