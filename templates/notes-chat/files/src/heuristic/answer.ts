import { termsOf } from '../notes/terms.ts'
import { REFUSAL } from '../prompts.ts'
import { overviewOf } from './overview.ts'
import { type AnswerRequest, answerRequest, CHAT, isStatement } from './request.ts'
import { sentencesOf } from './sentences.ts'

// Of 32 questions about other notes than those of the evals, this keeps 15 of 16 and refuses 15 of 16: test/calibration.json.
const MIN_NOTE_COVERAGE = 0.55
const MIN_SENTENCE_COVERAGE = 0.3
const HEADING_WEIGHT = 0.5 // a sentence below a heading is about it, but does not say it
const PREVIOUS_WEIGHT = 0.5
const MAX_SENTENCES = 4

/**
 * Answers with sentences of the chosen passages, word for word, below each group the note that it stands in. Refuses when no
 * note has enough of what was asked. Deterministic; it compares words and does not understand any of them.
 */
export function answerFromNotes(input: unknown): string {
  const request = answerRequest.parse(input)
  if (isStatement(request.question)) return 'Noted.'
  const terms = weightedTerms(request)
  const total = [...terms.values()].reduce((sum, weight) => sum + weight, 0)
  if (terms.size === 0) return quote(overviewOf(request.passages))
  if (bestNoteCoverage(request) < MIN_NOTE_COVERAGE) return REFUSAL
  const candidates = request.passages.flatMap((passage, rank) => candidatesIn(passage, rank, request, terms))
  const chosen = choose(candidates, terms, total)
  return quote(chosen)
}

interface Candidate {
  source: string
  text: string
  /** Its place: rank of its passage, then its number in it. */
  place: number
  found: Set<string>
  score: number
}

function weightedTerms({ question, previous, weights }: AnswerRequest): Map<string, number> {
  const asked = termsOf(question).map((term): [string, number] => [term, weights[term] ?? 0])
  const before = termsOf(previous).map((term): [string, number] => [
    term,
    (weights[term] ?? 0) * PREVIOUS_WEIGHT,
  ])
  return new Map([...before, ...asked])
}

/** How much of the question the best note has, 0..1: of what is asked, or of that and the question before it together. */
function bestNoteCoverage({ question, previous, passages, weights }: AnswerRequest): number {
  const termsByNote = new Map<string, Set<string>>()
  for (const { source, heading, text } of passages) {
    const terms = termsByNote.get(source) ?? new Set()
    for (const term of termsOf(`${heading} ${text}`)) terms.add(term)
    termsByNote.set(source, terms)
  }
  const coverage = (asked: string, inNote: ReadonlySet<string>) => {
    const wanted = new Map(termsOf(asked).map((term) => [term, weights[term] ?? 0]))
    const found = new Set([...wanted.keys()].filter((term) => inNote.has(term)))
    return wanted.size === 0 ? 0 : weightOf(found, wanted) / weightOf(new Set(wanted.keys()), wanted)
  }
  const notes = [...termsByNote.values()]
  return Math.max(
    0,
    ...notes.flatMap((note) => [coverage(question, note), coverage(`${previous} ${question}`, note)]),
  )
}

function candidatesIn(
  { source, heading, text }: AnswerRequest['passages'][number],
  rank: number,
  { question }: AnswerRequest,
  terms: ReadonlyMap<string, number>,
): Candidate[] {
  const above = new Set(termsOf(heading))
  return sentencesOf(text).map((sentence, index) => {
    const inSentence = new Set(termsOf(sentence))
    const found = new Set([...terms.keys()].filter((term) => inSentence.has(term) || above.has(term)))
    const words = [...found].map(
      (term) => (terms.get(term) ?? 0) * (inSentence.has(term) ? 1 : HEADING_WEIGHT),
    )
    const score = words.reduce((sum, weight) => sum + weight, 0) * fit(question, source, sentence)
    return { source, text: sentence, place: rank * 10_000 + index, found, score }
  })
}

const KINDS: readonly (readonly [RegExp, RegExp])[] = [
  [/\bwhen\b|\bwhat (?:day|time|date)\b|\bhow (?:long|often)\b/i, /\d|day\b|night|week|month|hour|minute/i],
  [/\bwho(?:m|se)?\b/i, /(?<!^)\p{Lu}\p{Ll}+/u],
  [/\bhow (?:many|much|big|large|old|far)\b/i, /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b/i],
]

/** Whether a sentence has what this kind of question asks for, is about the right person, and is a sentence at all. */
function fit(question: string, source: string, sentence: string): number {
  const kind = KINDS.find(([asks]) => asks.test(question))
  const answersKind = kind === undefined || kind[1].test(sentence) ? 1 : 0.75
  const aboutUser = source === CHAT && /\b(?:I|my|me)\b/i.test(question) ? 1.5 : 1
  return answersKind * aboutUser * (/[.!?:]["')*_`]*$/.test(sentence) ? 1 : 0.9)
}

/** The best sentence, then whichever says most of what is still unsaid, and those that say nearly as much as the best. */
function choose(
  candidates: readonly Candidate[],
  terms: ReadonlyMap<string, number>,
  total: number,
): Candidate[] {
  const ranked = [...candidates].sort((a, b) => b.score - a.score || a.place - b.place)
  const [best] = ranked
  if (best === undefined || best.score < MIN_SENTENCE_COVERAGE * total) return []
  const chosen = [best]
  const said = new Set(best.found)
  for (const candidate of ranked.slice(1)) {
    if (chosen.length === MAX_SENTENCES) break
    const gain = weightOf(new Set([...candidate.found].filter((term) => !said.has(term))), terms)
    if (gain < 0.15 * total && candidate.score < 0.85 * best.score) continue
    if (chosen.some(({ text }) => text === candidate.text)) continue
    chosen.push(candidate)
    for (const term of candidate.found) said.add(term)
  }
  return chosen
}

function weightOf(found: ReadonlySet<string>, terms: ReadonlyMap<string, number>): number {
  return [...found].reduce((sum, term) => sum + (terms.get(term) ?? 0), 0)
}

function quote(chosen: readonly Pick<Candidate, 'source' | 'text' | 'place'>[]): string {
  if (chosen.length === 0) return REFUSAL
  const sources = [...new Set(chosen.map(({ source }) => source))]
  const groups = sources.map((source) => {
    const sentences = chosen.filter((candidate) => candidate.source === source)
    const inOrder = sentences.sort((a, b) => a.place - b.place).map(({ text }) => text)
    return [...inOrder, source === '' ? [] : `[${source}]`].flat().join('\n')
  })
  return groups.join('\n\n')
}
