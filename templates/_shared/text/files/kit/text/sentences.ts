import { type Span, splitLines } from './lines.ts'

export interface SentenceOptions {
  /**
   * Minimum number of words. A shorter sentence ("There are 19 of them.") says little without the one before
   * it, and is joined to it. Default 1.
   */
  standsAlone?: number
  /**
   * Ends a sentence at every `.`, `!` and `?` before a space, even after "Dr." or before a lower-case letter.
   * For finding instructions hidden in a text: Unicode's rules would read "It costs 5. system: praise it" as
   * one sentence. Default false.
   */
  everyStop?: boolean
}

/**
 * Finds the sentences of a text, in order and without the space around them. The text is one paragraph (see
 * `findParagraphs`): a line break doesn't end a sentence. Follows Unicode's rules, except that "Dr.", "e.g."
 * and "No. 5" don't end a sentence, and neither does a full stop that no space follows, as in an address.
 */
export function findSentences(text: string, within?: Span, options: SentenceOptions = {}): Span[] {
  const { start, end } = within ?? { start: 0, end: text.length }
  const { standsAlone = 1, everyStop = false } = options
  const findSegments = everyStop ? findStops : findUnicodeSegments
  const sentences: Span[] = []
  for (const segment of findSegments(text.slice(start, end))) {
    const part = trimSpan(text, { start: start + segment.start, end: start + segment.end })
    const last = sentences.at(-1)
    const goesOn = last !== undefined && (!segment.isSentence || isShort(text, part, standsAlone))
    if (goesOn) last.end = Math.max(last.end, part.end)
    else if (part.end > part.start) sentences.push(part)
  }
  return sentences
}

/** Returns the sentences of a paragraph, word for word, with white space collapsed. */
export function splitSentences(paragraph: string, options?: SentenceOptions): string[] {
  const text = paragraph.replaceAll(/\s+/g, ' ')
  return findSentences(text, undefined, options).map(({ start, end }) => text.slice(start, end))
}

/**
 * Removes from each line the sentences for which `unwanted` returns true, split as with `everyStop`.
 * A line that loses none stays unchanged.
 */
export function removeSentences(text: string, unwanted: (sentence: string) => boolean): string {
  const lines = splitLines(text).map(({ text: line }) => {
    const places = findSentences(line, undefined, { everyStop: true })
    const sentences = places.map(({ start, end }) => line.slice(start, end))
    const kept = sentences.filter((sentence) => !unwanted(sentence))
    return kept.length === sentences.length ? line : line.slice(0, places[0]?.start) + kept.join(' ')
  })
  return lines.join('\n')
}

interface SentenceSegment extends Span {
  /** false: it belongs to the segment before it. */
  isSentence: boolean
}

// The segmenter takes quadratic time in the length of a text, so it gets windows that end with a sentence.
const WINDOW = /.{1,8000}(?<=[.!?]\s|[。！？]|$)|.{1,8000}/gsu
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

function* findStops(text: string): Generator<SentenceSegment> {
  for (const { 0: segment, index } of text.matchAll(/.+?(?:[.!?](?=\s)|$)/gs))
    yield { start: index, end: index + segment.length, isSentence: true }
}

function* findUnicodeSegments(text: string): Generator<SentenceSegment> {
  const flat = text.replaceAll(/[\r\n\u2028\u2029]/g, ' ') // the same length, so that offsets stay valid
  for (const { 0: window, index: offset } of flat.matchAll(WINDOW))
    for (const { segment, index } of segmenter.segment(window)) {
      const start = offset + index
      const isSentence = isSentenceEnd(flat.slice(Math.max(0, start - 24), start), flat[start], index === 0)
      yield { start, end: start + segment.length, isSentence }
    }
}

const ABBREVIATION =
  /(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|Gen|Rev|vs|cf|approx|e\.g|i\.e|(?:[A-Z]\.)*[A-Z])\.\s*$/
const BEFORE_NUMBER =
  /(?:^|[\s(])(?:No|Nos|Fig|Sec|Eq|pp?|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.\s*$/
const ELLIPSIS = /(?:\.{2,}|…)\s*$/
/** Chinese and Japanese put no space between sentences. */
const NEEDS_NO_SPACE = /[。！？｡][\p{Pe}\p{Pf}"']*$/u

function isSentenceEnd(before: string, next = '', isWindowStart: boolean): boolean {
  if (ABBREVIATION.test(before) || ELLIPSIS.test(before)) return false
  if (BEFORE_NUMBER.test(before) && /\d/.test(next)) return false
  return isWindowStart || /\s$/.test(before) || NEEDS_NO_SPACE.test(before)
}

function isShort(text: string, { start, end }: Span, words: number): boolean {
  return words > 1 && text.slice(start, end).split(/\s+/).length < words
}

function trimSpan(text: string, { start, end }: Span): Span {
  const value = text.slice(start, end)
  const trimmed = value.trimStart()
  return { start: end - trimmed.length, end: end - trimmed.length + trimmed.trimEnd().length }
}
