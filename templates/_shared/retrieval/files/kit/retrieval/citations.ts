import { isInjection } from '#kit/retrieval/injection'
import { extractTerms, splitUnits, splitWords } from '#kit/retrieval/terms'
import { removeSentences, splitSentences } from '#kit/text/sentences'

/**
 * `quoted`: a cited source contains the exact words. `supported`: the cited sources contain most of the
 * words, and every number and name.
 */
export type Support = 'quoted' | 'supported' | 'unsupported' | 'uncited'

/** A sentence of an answer, without its citation marks. */
export interface Claim {
  text: string
  /** Numbers of the sources that it cites, from 1. */
  citations: number[]
  support: Support
  /** Words that no cited source contains; empty when supported. */
  missing: string[]
}

export interface CitationCheck {
  claims: Claim[]
  /** Cited numbers that no source has. */
  unknown: number[]
  /** Numbers of the sources that support a claim, from 1. */
  used: number[]
}

/**
 * Code, which stays unchanged, or a citation mark: `[2]`, `[1, 3]`, `[1-3]`. Models also write full-width
 * brackets and `[^2]`.
 */
const CODE_OR_MARK = /`[^`]*`|\s*[[【]\^?(\d{1,3}(?:\s*[,–-]\s*\^?\d{1,3})*)[\]】]/g
const MIN_SHARE = 0.7 // of a claim's terms

/**
 * Checks each sentence of an answer against the sources that it cites: whether they exist and support it.
 * Compares words, not meanings: it catches wrong numbers, names and sources, but not a missing "not".
 */
export function checkCitations(answer: string, sources: readonly string[]): CitationCheck {
  const check = createClaimChecker(sources)
  return summariseClaims(extractClaims(answer).map(check), sources.length)
}

/** Summarises claims that were checked one by one. `sources`: the number of sources. */
export function summariseClaims(claims: Claim[], sources: number): CitationCheck {
  const cited = [...new Set(claims.flatMap(({ citations }) => citations))].sort((a, b) => a - b)
  const exists = (number: number) => number >= 1 && number <= sources
  const held = claims.filter(({ support }) => support === 'quoted' || support === 'supported')
  return {
    claims,
    unknown: cited.filter((number) => !exists(number)),
    used: cited.filter(
      (number) => exists(number) && held.some(({ citations }) => citations.includes(number)),
    ),
  }
}

/** A sentence and the sources that it cites, not checked yet. */
export type Cited = Pick<Claim, 'text' | 'citations'>

/** Prepares the sources once, for claims that arrive one by one. */
export function createClaimChecker(sources: readonly string[]): (cited: Cited) => Claim {
  // A sentence addressed to a model is no evidence: an answer that obeys it must not count as supported.
  const evidence = sources.map((source) => removeSentences(source, isInjection))
  return (cited) => checkClaim(cited, evidence)
}

const PARAGRAPH_END = /\n\s*\n|\n(?=\s*(?:[-*+•|#]|\d{1,3}[.)]\s))/
const EVERY_PARAGRAPH_END = new RegExp(PARAGRAPH_END, 'g')
/** Layout that is not part of a claim: fences, list marks, heading marks, quote marks. */
const LAYOUT = /^\s*(?:```.*|~~~.*|#{1,6}\s+|[-*+•]\s+|\d{1,3}[.)]\s+|>\s?)/gm
const YES_OR_NO = /^(?:yes|no)\W*$/i

/**
 * Every sentence of an answer that a reader sees, headings and markup included, with the sources that it
 * cites. A sentence without a mark gets those of the next sentence in its paragraph that has one: people cite
 * at the end of a thought.
 */
export function extractClaims(answer: string): Cited[] {
  return answer.split(PARAGRAPH_END).flatMap((paragraph) => {
    const text = moveMarksInside(paragraph.replaceAll(LAYOUT, '').replaceAll(/\s+/g, ' '))
    return inheritMarks(splitSentences(text).map(parseClaim)).filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
  })
}

/** A claim without a mark gets those of the next claim that has one. From the end, so each is looked at once. */
function inheritMarks(claims: readonly Cited[]): Cited[] {
  let next: number[] = []
  return claims
    .toReversed()
    .map(({ text, citations }) => {
      next = citations.length > 0 ? citations : next
      return { text, citations: next }
    })
    .reverse()
}

/**
 * Where the last paragraph of a text begins. More text changes nothing before it, so claims of an answer that is
 * being written need no second look there.
 */
export function findLastParagraph(text: string): number {
  let start = 0
  for (const { 0: end, index } of text.matchAll(EVERY_PARAGRAPH_END)) {
    const next = index + end.length
    if (/\S/.test(text.slice(next))) start = next
  }
  return start
}

/** A mark behind the full stop would begin the next sentence, so it moves before the full stop. */
function moveMarksInside(text: string): string {
  return text.replaceAll(/([.!?。！？｡．।۔؟]["'”’“»」』)*_`]*)((?:\s*[[【]\^?\d[\d,\s^–-]*[\]】])+)/g, '$2$1')
}

/**
 * Takes the citation marks (`CODE_OR_MARK`) out of a sentence, and reads the numbers in them: `[2]`, `[1, 3]`,
 * and `[2-4]` for 2, 3 and 4, of which at most twenty are read. Code between backticks stays unchanged, marks
 * included. Returns the rest, trimmed, and each number once, in order of appearance.
 */
function parseClaim(sentence: string): Cited {
  const citations: number[] = []
  const text = sentence.replaceAll(CODE_OR_MARK, (found, list: string | undefined) => {
    if (list === undefined) return found
    citations.push(...parseMarkNumbers(list))
    return ''
  })
  return { text: text.trim(), citations: [...new Set(citations)] }
}

/** Parses `1, 3` and `1-3`. */
function parseMarkNumbers(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = (part.match(/\d+/g) ?? []).map(Number)
    return Array.from({ length: Math.max(1, Math.min(last - first + 1, 20)) }, (_, index) => first + index)
  })
}

/**
 * Decides how far the cited sources support a claim. `sources` are the texts of all sources; number 1 is the
 * first. The first of these that fits is the claim's `support`:
 *
 * - `uncited`: it cites no number.
 * - `quoted`: one cited source contains the claim's words (`foldWords`), all of them, in order and together.
 * - `supported`: a cited source exists, and the claim is a bare yes or no (`YES_OR_NO`), or the cited sources
 *   together contain every number and name in it and at least `MIN_SHARE` of its words. A number is a word with
 *   a digit; a name is a word with a capital first letter, unless it begins the sentence. Words are those of
 *   `splitWords` that have terms (`extractTerms`); the sources contain a word if they contain all its terms.
 * - `unsupported`: none of these. Only then, `missing` lists the words that the cited sources do not contain.
 */
function checkClaim({ text, citations }: Cited, sources: readonly string[]): Claim {
  const claim = { text, citations, missing: [] }
  if (citations.length === 0) return { ...claim, support: 'uncited' }
  const cited = citations.flatMap((number) => sources[number - 1] ?? [])
  const words = foldWords(text)
  if (words !== '' && cited.some((source) => ` ${foldWords(source)} `.includes(` ${words} `)))
    return { ...claim, support: 'quoted' }
  if (cited.length > 0 && YES_OR_NO.test(text)) return { ...claim, support: 'supported' }
  const missing = findMissingWords(text, new Set(cited.flatMap((source) => extractTerms(source))))
  const told = splitWords(text).filter((word) => extractTerms(word).length > 0)
  const isSupported =
    cited.length > 0 && !missing.some(mustStand) && told.length - missing.length >= MIN_SHARE * told.length
  return {
    ...claim,
    support: isSupported ? 'supported' : 'unsupported',
    missing: isSupported ? [] : missing.map(({ word }) => word),
  }
}

interface Word {
  word: string
  /** First in the sentence, where a capital letter says nothing. */
  isFirst: boolean
}

function findMissingWords(text: string, found: ReadonlySet<string>): Word[] {
  const words = splitWords(text).map((word, index) => ({ word, isFirst: index === 0 }))
  return words.filter(({ word }) => extractTerms(word).some((term) => !found.has(term)))
}

/** Numbers and names can't be paraphrased. */
function mustStand({ word, isFirst }: Word): boolean {
  return /\d/.test(word) || (!isFirst && /^\p{Lu}/u.test(word))
}

/** Only the words, in lower case: a quote stays a quote with other line breaks, emphasis or quotation marks. */
function foldWords(text: string): string {
  return splitUnits(text).join(' ').toLowerCase()
}
