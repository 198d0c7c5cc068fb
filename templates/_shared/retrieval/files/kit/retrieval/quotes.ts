import { sumWeights, type TermWeights } from '#kit/retrieval/rerank'
import { splitSentences } from '#kit/text/sentences'
import { isInjection } from './injection.ts'
import { detectLanguage } from './language.ts'
import { listQuotables, type Quotable } from './quotables.ts'
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
  /** A sentence, list item, table row or line of code, word for word; several lines where one announces the others. */
  text: string
  /** Its place among all sentences of all passages. */
  place: number
}

const MIN_COVERAGE = 0.3 // of the question, by the best sentence and its heading
const HEADING_WEIGHT = 0.5 // a sentence below a heading is about it, but does not say it
/** The lead-in of an item, the header of a cell. */
const ABOUT_WEIGHT = 0.7
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
    listCandidates(passage, number, terms, asked.question).map((candidate) => ({
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
  /** Its own terms, without those of what it is about. */
  own: ReadonlySet<string>
  isRow: boolean
  /** Lines of other candidates that it contains. */
  parts: readonly string[]
}

function weighAskedTerms({ question, previous, weights }: QuoteRequest): Map<string, number> {
  const weight = (term: string) => weights.get(term) ?? 0
  const before = extractTerms(previous, detectLanguage(previous)).map((term): [string, number] => [
    term,
    weight(term) * PREVIOUS_WEIGHT,
  ])
  return new Map([
    ...before,
    ...extractTerms(question, detectLanguage(question)).map((term): [string, number] => [term, weight(term)]),
  ])
}

function listCandidates(
  { heading, text }: QuotedPassage,
  number: number,
  terms: TermWeights,
  question: string,
): QuoteCandidate[] {
  const language = detectLanguage(`${heading} ${text}`)
  const read = (part: string) => new Set(extractTerms(part, language))
  const above = read(heading)
  const units = listQuotables(text).filter((one) => !isInjection(one.text) && !steers(one.parts ?? []))
  return units.map((unit, index) => {
    const inSentence = read(
      unit.parts
        ? (unit.text.split('\n')[0] ?? '')
        : unit.cells
          ? readCells(unit.cells, question)
          : unit.text,
    )
    const around = read(
      `${unit.about} ${unit.parts?.filter((line) => !line.includes('|')).join(' ') ?? ''} ${unit.cells?.map((cell) => cell.header).join(' ') ?? ''}`,
    )
    const found = new Set(
      [...terms.keys()].filter((term) => inSentence.has(term) || around.has(term) || above.has(term)),
    )
    const scores = [...found].map(
      (term) =>
        (terms.get(term) ?? 0) *
        (inSentence.has(term) ? 1 : around.has(term) ? ABOUT_WEIGHT : HEADING_WEIGHT),
    )
    const score = scores.reduce((total, one) => total + one, 0)
    return {
      passage: number,
      text: unit.text,
      place: number * 10_000 + index,
      found,
      score,
      own: inSentence,
      isRow: unit.cells !== undefined,
      parts: unit.parts ?? [],
    }
  })
}

/** Whether what a lead-in announces has a line for a model in it, even across lines. */
function steers(parts: readonly string[]): boolean {
  return parts.some(isInjection) || splitSentences(parts.join(' '), { everyStop: true }).some(isInjection)
}

/**
 * The text of a row's cells. A number counts only where its column is not another one than the question names next to
 * it: in "with 30 users", 30 projects say nothing.
 */
function readCells(cells: NonNullable<Quotable['cells']>, question: string): string {
  const asked = [...question.matchAll(/(\d[\d.,]*)\s+(\p{L}{3,})/gu)]
  const isOther = ({ header, text }: { header: string; text: string }) =>
    asked.some(([, number = '', noun = '']) => {
      const [wanted] = extractTerms(noun)
      const names = (one: string) => wanted !== undefined && extractTerms(one).includes(wanted)
      return text.includes(number) && !names(header) && cells.some((cell) => names(cell.header))
    })
  return cells
    .filter((cell) => !isOther(cell))
    .map(({ text }) => text)
    .join(' | ')
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
  return answersKind * (sentence.includes('\n') || /[.!?:。！？]["')*_`]*$/.test(sentence) ? 1 : 0.9)
}

/** Whether one says all that the other says: the same text, or a lead-in and one of its items. */
function overlaps(one: QuoteCandidate, other: QuoteCandidate): boolean {
  const holds = (lead: QuoteCandidate, { text }: QuoteCandidate) =>
    lead.parts.some((line) => line.includes(text))
  return one.text === other.text || holds(one, other) || holds(other, one)
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
    if (chosen.some((one) => overlaps(one, candidate))) continue
    // The rows of a table share their headers: another one has to say something in its own cells.
    if (candidate.isRow && ![...candidate.own].some((term) => terms.has(term))) continue
    chosen.push(candidate)
    for (const term of candidate.found) said.add(term)
  }
  return chosen
}
