import { addressesModel } from './injection.ts'
import { sentencesOf } from './sentences.ts'
import { termsOf, wordsOf } from './terms.ts'

/** `quoted`: the words stand there. `supported`: nearly all of its terms do, and all of its numbers. */
export type Support = 'quoted' | 'supported' | 'unsupported' | 'uncited'

/** A sentence of an answer, without its marks. */
export interface Claim {
  text: string
  /** Numbers of the sources that it cites, from 1. */
  citations: number[]
  support: Support
  /** Numbers and terms that none of the cited sources has; empty when supported. */
  missing: string[]
}

export interface CitationCheck {
  claims: Claim[]
  /** Cited numbers that no source has. */
  unknown: number[]
  /** Sources, from 1, that a claim rests on. */
  used: number[]
}

/** `[2]`, `[1, 3]`; full-width brackets and `[^2]` are what models write too. */
const MARK = /\s*[[【]\^?(\d{1,3}(?:\s*,\s*\^?\d{1,3})*)[\]】]/g
const MIN_SHARE = 0.7 // of a claim's terms

/**
 * Checks each sentence of an answer against the sources that it cites: that they exist, and that they say it. Words are compared, not meanings: it catches invented numbers, names and
 * sources, and cannot catch a "not" that was left out.
 */
export function checkCitations(answer: string, sources: readonly string[]): CitationCheck {
  const evidence = sources.map(evidenceIn)
  const claims = claimsOf(answer).map(({ text, citations }) => check(text, citations, evidence))
  const cited = [...new Set(claims.flatMap(({ citations }) => citations))].sort((a, b) => a - b)
  const exists = (number: number) => number >= 1 && number <= sources.length
  const held = claims.filter(({ support }) => support === 'quoted' || support === 'supported')
  return {
    claims,
    unknown: cited.filter((number) => !exists(number)),
    used: cited.filter(
      (number) => exists(number) && held.some(({ citations }) => citations.includes(number)),
    ),
  }
}

/** A source without what speaks to a model: an answer that obeys it has nothing to rest on. */
function evidenceIn(source: string): string {
  return source
    .split('\n')
    .map((line) => {
      const sentences = line.split(/(?<=[.!?])\s+/)
      return sentences.filter((sentence) => !addressesModel(sentence)).join(' ')
    })
    .join('\n')
}

const PARAGRAPH_END = /\n\s*\n|\n(?=\s*(?:[-*+•|]|\d{1,3}[.)])\s)/

/** Sentences with the marks behind them. A sentence without one has that of the next in its paragraph: people cite at the end of a thought. */
function claimsOf(answer: string): { text: string; citations: number[] }[] {
  return answer.split(PARAGRAPH_END).flatMap((paragraph) => {
    const claims = sentencesOf(marksInside(paragraph), { standsAlone: 0 }).map(claimIn)
    return claims.flatMap(({ text, citations }, index) => {
      const next = claims.slice(index).find((claim) => claim.citations.length > 0)
      return text === ''
        ? []
        : [{ text, citations: citations.length > 0 ? citations : (next?.citations ?? []) }]
    })
  })
}

/** A mark behind the full stop would begin the next sentence. */
function marksInside(text: string): string {
  return text.replaceAll(/([.!?]["'”’)*_`]*)((?:\s*[[【]\^?\d[\d,\s^]*[\]】])+)/g, '$2$1')
}

function claimIn(sentence: string): { text: string; citations: number[] } {
  const numbers = [...sentence.matchAll(MARK)].flatMap(([, list = '']) => list.match(/\d+/g) ?? [])
  return { text: sentence.replaceAll(MARK, '').trim(), citations: [...new Set(numbers.map(Number))] }
}

function check(text: string, citations: number[], sources: readonly string[]): Claim {
  const cited = citations.flatMap((number) => sources[number - 1] ?? [])
  if (citations.length === 0) return { text, citations, support: 'uncited', missing: [] }
  const words = folded(text)
  if (words !== '' && cited.some((source) => folded(source).includes(words)))
    return { text, citations, support: 'quoted', missing: [] }
  const found = new Set(cited.flatMap(termsOf))
  const terms = [...new Set(termsOf(text))]
  const missing = terms.filter((term) => !found.has(term))
  const isSupported =
    cited.length > 0 &&
    !missing.some((term) => /\d/.test(term)) &&
    terms.length - missing.length >= MIN_SHARE * terms.length
  return {
    text,
    citations,
    support: isSupported ? 'supported' : 'unsupported',
    missing: isSupported ? [] : missing,
  }
}

/** Words alone, so that a line break, a mark of emphasis or another quote sign does not make a quote another text. */
function folded(text: string): string {
  return wordsOf(text).join(' ').toLowerCase()
}
