import { isInjection } from '#kit/retrieval/injection'
import { extractTerms, splitWords } from '#kit/retrieval/terms'
import { removeSentences, splitSentences } from '#kit/text/sentences'

/** `quoted`: the words stand there. `supported`: nearly all of its terms do, and all of its numbers. */
export type Support = 'quoted' | 'supported' | 'unsupported' | 'uncited'

/** A sentence of an answer, without its marks. */
export interface Claim {
  text: string
  /** Numbers of the sources that it cites, from 1. */
  citations: number[]
  support: Support
  /** Words that none of the cited sources has; empty when supported. */
  missing: string[]
}

export interface CitationCheck {
  claims: Claim[]
  /** Cited numbers that no source has. */
  unknown: number[]
  /** Sources, from 1, that a claim rests on. */
  used: number[]
}

/** Code, which is left alone, or a mark: `[2]`, `[1, 3]`, `[1-3]`; full-width brackets and `[^2]` are what models write too. */
const CODE_OR_MARK = /`[^`]*`|\s*[[【]\^?(\d{1,3}(?:\s*[,–-]\s*\^?\d{1,3})*)[\]】]/g
const MIN_SHARE = 0.7 // of a claim's terms

/**
 * Checks each sentence of an answer against the sources that it cites: that they exist, and that they say it. Words are compared, not meanings: it catches numbers, names and
 * sources, and cannot catch a "not" that was left out.
 */
export function checkCitations(answer: string, sources: readonly string[]): CitationCheck {
  const check = createClaimChecker(sources)
  return summariseClaims(extractClaims(answer).map(check), sources.length)
}

/** What claims come to that were checked one by one. */
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

/** Prepares the sources once, for claims that come one by one. */
export function createClaimChecker(sources: readonly string[]): (cited: Cited) => Claim {
  // A sentence that speaks to a model is no evidence: an answer that obeys it has nothing to rest on.
  const evidence = sources.map((source) => removeSentences(source, isInjection))
  return ({ text, citations }) => check(text, citations, evidence)
}

const PARAGRAPH_END = /\n\s*\n|\n(?=\s*(?:[-*+•|#]|\d{1,3}[.)]\s))/
/** What is not said: fences, list marks, heading marks, quote marks. */
const LAYOUT = /^\s*(?:```.*|~~~.*|#{1,6}\s+|[-*+•]\s+|\d{1,3}[.)]\s+|>\s?)/gm
const YES_OR_NO = /^(?:yes|no)\W*$/i

/**
 * Every sentence of an answer that a reader sees, headings and markup included, with its marks. A sentence without one has that of the next in its paragraph: people
 * cite at the end of a thought.
 */
export function extractClaims(answer: string): Cited[] {
  return answer.split(PARAGRAPH_END).flatMap((paragraph) => {
    const text = moveMarksInside(paragraph.replaceAll(LAYOUT, '').replaceAll(/\s+/g, ' '))
    const claims = splitSentences(text).map(parseClaim)
    return claims.flatMap(({ text, citations }, index) => {
      const next = claims.slice(index).find((claim) => claim.citations.length > 0)
      if (!/[\p{L}\p{N}]/u.test(text)) return []
      return [{ text, citations: citations.length > 0 ? citations : (next?.citations ?? []) }]
    })
  })
}

/** A mark behind the full stop would begin the next sentence. */
function moveMarksInside(text: string): string {
  return text.replaceAll(/([.!?]["'”’)*_`]*)((?:\s*[[【]\^?\d[\d,\s^–-]*[\]】])+)/g, '$2$1')
}

function parseClaim(sentence: string): Cited {
  const citations: number[] = []
  const text = sentence.replaceAll(CODE_OR_MARK, (found, list: string | undefined) => {
    if (list === undefined) return found
    citations.push(...parseMarkNumbers(list))
    return ''
  })
  return { text: text.trim(), citations: [...new Set(citations)] }
}

/** `1, 3` and `1-3`. */
function parseMarkNumbers(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = (part.match(/\d+/g) ?? []).map(Number)
    return Array.from({ length: Math.max(1, Math.min(last - first + 1, 20)) }, (_, index) => first + index)
  })
}

function check(text: string, citations: number[], sources: readonly string[]): Claim {
  const claim = { text, citations, missing: [] }
  if (citations.length === 0) return { ...claim, support: 'uncited' }
  const cited = citations.flatMap((number) => sources[number - 1] ?? [])
  const words = foldWords(text)
  if (words !== '' && cited.some((source) => ` ${foldWords(source)} `.includes(` ${words} `)))
    return { ...claim, support: 'quoted' }
  if (cited.length > 0 && YES_OR_NO.test(text)) return { ...claim, support: 'supported' }
  const missing = findMissingWords(text, new Set(cited.flatMap(extractTerms)))
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
  /** Of the sentence, whose capital letter says nothing. */
  isFirst: boolean
}

function findMissingWords(text: string, found: ReadonlySet<string>): Word[] {
  const words = splitWords(text).map((word, index) => ({ word, isFirst: index === 0 }))
  return words.filter(({ word }) => extractTerms(word).some((term) => !found.has(term)))
}

/** Numbers and names are not put in other words. */
function mustStand({ word, isFirst }: Word): boolean {
  return /\d/.test(word) || (!isFirst && /^\p{Lu}/u.test(word))
}

/** Words alone, so that a line break, a mark of emphasis or another quote sign does not make a quote another text. */
function foldWords(text: string): string {
  return splitWords(text).join(' ').toLowerCase()
}
