import type { Span } from '#kit/text/lines'
import { findParagraphs } from '#kit/text/paragraphs'
import { findSentences } from '#kit/text/sentences'
import { extractTerms } from './terms.ts'

/** A stretch of a text, in UTF-16 units: `text.slice(start, end)`. */
export type Passage = Span

const MIN_SHARE = 0.5 // of a claim's terms: less is chance, or the claim rests on the heading
const MOST_SENTENCES = 3
const MARKUP = /^\s*(?:[-*+•]\s+|#{1,6}\s+|\d{1,3}[.)]\s+|>\s?)*/

/**
 * Finds where a text says what a claim says: the sentence, list item or row that shares most of its terms,
 * plus neighbours that contain missing terms. undefined if these have less than half of the claim's terms.
 */
export function findPassage(claim: string, text: string): Passage | undefined {
  const wanted = new Set(extractTerms(claim))
  const sentences = splitPassages(text).map((place) => ({
    place,
    terms: new Set(extractTerms(text.slice(place.start, place.end)).filter((term) => wanted.has(term))),
  }))
  const best = sentences.reduce((top, { terms }, index) => {
    return weighPassageTerms(terms) > weighPassageTerms(sentences[top]?.terms ?? []) ? index : top
  }, 0)
  let first = best
  let last = best
  const found = new Set(sentences[best]?.terms)
  const adds = (index: number) => [...(sentences[index]?.terms ?? [])].some((term) => !found.has(term))
  const take = (index: number) => {
    for (const term of sentences[index]?.terms ?? []) found.add(term)
    return index
  }
  while (last - first + 1 < MOST_SENTENCES && found.size < wanted.size)
    if (adds(last + 1)) last = take(last + 1)
    else if (adds(first - 1)) first = take(first - 1)
    else break
  const [from, to] = [sentences[first], sentences[last]]
  if (!from || !to || found.size < MIN_SHARE * wanted.size || found.size === 0) return undefined
  return { start: from.place.start, end: to.place.end }
}

/** Numbers count double, because they distinguish table rows. */
function weighPassageTerms(terms: Iterable<string>): number {
  return [...terms].reduce((sum, term) => sum + (/\d/.test(term) ? 2 : 1), 0)
}

/** Sentences of prose and list items, even across line breaks; table rows and lines of code as a whole. */
function splitPassages(text: string): Passage[] {
  return findParagraphs(text).flatMap((paragraph) => {
    const isWhole = paragraph.kind === 'row' || paragraph.kind === 'code'
    const places = isWhole ? [paragraph] : findSentences(text, paragraph)
    return places.flatMap((place) => trimMarkup(text, place))
  })
}

/** Trims layout marks and whitespace; returns nothing if no text is left. */
function trimMarkup(text: string, { start, end }: Passage): Passage[] {
  const segment = text.slice(start, end)
  const lead = MARKUP.exec(segment)?.[0].length ?? 0
  const said = segment.slice(lead)
  const place = {
    start: start + lead + said.length - said.trimStart().length,
    end: start + lead + said.trimEnd().length,
  }
  return place.end > place.start ? [place] : []
}
