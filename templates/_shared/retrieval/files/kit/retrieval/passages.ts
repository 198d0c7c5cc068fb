import { termsOf } from './terms.ts'

/** A stretch of a text, in UTF-16 units: `text.slice(start, end)`. */
export interface Passage {
  start: number
  end: number
}

const MIN_SHARE = 0.5 // of a claim's terms: less is chance, or the claim rests on the heading
const MOST_SENTENCES = 3
/** A line that is no continuation of the one above it. */
const BEGINS = /^\s*(?:$|[-*+•#>|]|\d{1,3}[.)]\s)/
const FENCE = /^\s*(?:```|~~~)/
const MARKUP = /^\s*(?:[-*+•]\s+|#{1,6}\s+|\d{1,3}[.)]\s+|>\s?)*/
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

/**
 * Where a text says what a claim says: the sentence, list item or row that shares most of its terms, and its neighbours as far as they have what is still
 * missing. Undefined when none has half of them.
 */
export function passageOf(claim: string, text: string): Passage | undefined {
  const wanted = new Set(termsOf(claim))
  const sentences = sentencesIn(text).map((place) => ({
    place,
    terms: new Set(termsOf(text.slice(place.start, place.end)).filter((term) => wanted.has(term))),
  }))
  const best = sentences.reduce((top, { terms }, index) => {
    return weightOf(terms) > weightOf(sentences[top]?.terms ?? []) ? index : top
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

/** A number tells one row from the other. */
function weightOf(terms: Iterable<string>): number {
  return [...terms].reduce((sum, term) => sum + (/\d/.test(term) ? 2 : 1), 0)
}

// The segmenter takes time in proportion to the square of a long text, so it gets windows that end with a sentence.
const WINDOW = /.{1,8000}(?<=[.!?]\s|$)|.{1,8000}/gsu

/** Sentences of prose, also across the line breaks of an editor; list items and rows of tables and code each for themselves. */
function sentencesIn(text: string): Passage[] {
  return blocksIn(text).flatMap(({ start, end }) => {
    // A line break would end a sentence. A space has the same length, so that places stay right.
    const windows = [...text.slice(start, end).replaceAll('\n', ' ').matchAll(WINDOW)]
    return windows.flatMap(({ 0: window, index: offset }) =>
      [...segmenter.segment(window)].flatMap(({ segment, index }) =>
        trimmed(text, start + offset + index, segment.length),
      ),
    )
  })
}

function blocksIn(text: string): Passage[] {
  const blocks: Passage[] = []
  let start = 0
  let isCode = false
  for (const line of text.split('\n')) {
    const end = start + line.length
    const last = blocks.at(-1)
    if (FENCE.test(line)) isCode = !isCode
    else if (last === undefined || isCode || last.end + 1 !== start || BEGINS.test(line))
      blocks.push({ start, end })
    else last.end = end
    start = end + 1
  }
  return blocks
}

/** Without the space around it and the marks of layout before it. */
function trimmed(text: string, start: number, length: number): Passage[] {
  const segment = text.slice(start, start + length)
  const lead = MARKUP.exec(segment)?.[0].length ?? 0
  const said = segment.slice(lead)
  const place = {
    start: start + lead + said.length - said.trimStart().length,
    end: start + lead + said.trimEnd().length,
  }
  return place.end > place.start ? [place] : []
}
