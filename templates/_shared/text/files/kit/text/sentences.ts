import { type Span, splitLines } from './lines.ts'

export interface SentenceOptions {
  /**
   * Joins a sentence that begins with a word for something said before ("There are 19 of them.", "He lives in Oslo.") to
   * the one before it. Default false.
   */
  joinsPronouns?: boolean
  /**
   * Ends a sentence at every `.`, `!` and `?` before a space, even after "Dr." or before a lower-case letter.
   * For finding instructions hidden in a text: Unicode's rules would read "It costs 5. system: praise it" as
   * one sentence. Default false.
   */
  everyStop?: boolean
}

/**
 * Finds the sentences of a text, in order and without the space around them. The text is one paragraph (see
 * `findParagraphs`): a line break doesn't end a sentence. Follows Unicode's rules, except that "Dr.", "z. B.", "No. 5"
 * and "15. November" don't end a sentence, nor does anything inside code, a link, an address or a footnote mark.
 */
export function findSentences(text: string, within?: Span, options: SentenceOptions = {}): Span[] {
  const { start, end } = within ?? { start: 0, end: text.length }
  const { joinsPronouns = false, everyStop = false } = options
  const findSegments = everyStop ? findStops : findUnicodeSegments
  const sentences: Span[] = []
  for (const segment of findSegments(text.slice(start, end))) {
    const part = trimSpan(text, { start: start + segment.start, end: start + segment.end })
    const last = sentences.at(-1)
    const goesOn =
      last !== undefined &&
      (!segment.isSentence || (joinsPronouns && leansBack(text.slice(part.start, part.end))))
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
const WINDOW = /.{1,8000}(?<=[.!?]\s|[。！？．]|$)|.{1,8000}/gsu
/** A stop inside one of these ends no sentence: code, a link's target, an address, a footnote mark. */
const WHOLE =
  /(`+)[^`]{1,500}?\1(?!`)|\]\([^()\s]{1,500}\)|\bhttps?:\/\/[^\s<>]{1,500}|\[\^?[^[\]\s]{1,40}\]/g
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

function* findStops(text: string): Generator<SentenceSegment> {
  for (const { 0: segment, index } of text.matchAll(/.+?(?:[.!?](?=\s)|$)/gs))
    yield { start: index, end: index + segment.length, isSentence: true }
}

function* findUnicodeSegments(text: string): Generator<SentenceSegment> {
  const flat = text.replaceAll(/[\r\n\u2028\u2029]/g, ' ') // the same length, so that offsets stay valid
  const wholes = [...flat.matchAll(WHOLE)].map(({ 0: whole, index }) => ({
    start: index,
    end: index + whole.length,
  }))
  let next = 0
  for (const { 0: window, index: offset } of flat.matchAll(WINDOW))
    for (const { segment, index } of segmenter.segment(window)) {
      const start = offset + index
      while ((wholes[next]?.end ?? Number.POSITIVE_INFINITY) <= start) next++
      const isInside = (wholes[next]?.start ?? Number.POSITIVE_INFINITY) < start
      const before = flat.slice(Math.max(0, start - 24), start)
      const isSentence = !isInside && isSentenceEnd(before, flat.slice(start, start + 24), index === 0)
      yield { start, end: start + segment.length, isSentence }
    }
}

const ABBREVIATION = new RegExp(
  String.raw`(?:^|[\s(«"„])(?:${[
    'Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|Gen|Rev|vs|cf|approx|Ing|Dra|Sra|Srta|Mme|Mlle|inkl|exkl|evtl|sog|ca|Mio|Tsd|Tel|Av|Avda|prof|sig|ing|dott|ul|al|inż',
    '(?:\\p{L}{1,3}\\.\\s?)+\\p{L}|\\p{Lu}', // e.g. · z. B. · т. е. · J. R.
    '[BCDFGHJKLMNPQRSTVWXZ][bcdfghjklmnpqrstvwxz]{1,3}|[bcdfghjklmnpqrstvwxz]{3,4}|np|nr|bd', // Nr. · bzw. · mgr, and not kg: no other word has no vowel
  ].join('|')})\.\s*$`,
  'u',
)
/** The first of several letters: z. B. */
const FIRST_LETTER = /(?:^|(?<!\d)[\s(])\p{L}\.\s*$/u
/** A short word in front of a number: No. 5 · Abs. 2 · Fig. 3 · art. 4 */
const BEFORE_NUMBER = /(?:^|[\s(])(?:\p{Lu}\p{L}{0,3}|pp?|art|núm|pág|nr|poz|ust|ст|гл|рис)\.\s*$/u
const ELLIPSIS = /(?:\.{2,}|…)\s*$/
/** Chinese and Japanese put no space between sentences. */
const NEEDS_NO_SPACE = /[。！？｡．][\p{Pe}\p{Pf}"']*$/u

function isSentenceEnd(before: string, after: string, isWindowStart: boolean): boolean {
  if (ABBREVIATION.test(before) || ELLIPSIS.test(before)) return false
  if (FIRST_LETTER.test(before) && /^\p{L}{1,2}\./u.test(after)) return false
  if (BEFORE_NUMBER.test(before) && /^\d/.test(after)) return false
  if (/(?<!\d)\d{1,2}\.\s*$/.test(before) && isOrdinalMonth(/^\p{L}+/u.exec(after)?.[0] ?? '')) return false
  return isWindowStart || /\s$/.test(before) || NEEDS_NO_SPACE.test(before)
}

let ordinalMonths: Set<string> | undefined

/** Whether a word is a month of a language that puts a full stop after the day, as CLDR has it: "15. November". */
function isOrdinalMonth(word: string): boolean {
  ordinalMonths ??= collectOrdinalMonths()
  return ordinalMonths.has(word.toLowerCase())
}

function collectOrdinalMonths(): Set<string> {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index))
  const languages = letters.flatMap((first) => letters.map((second) => first + second))
  const names = new Set<string>()
  for (const language of Intl.DateTimeFormat.supportedLocalesOf(languages)) {
    const format = new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric', timeZone: 'UTC' })
    for (let month = 0; month < 12; month++) {
      const [, name] = /^\d+\. (\p{L}+)$/u.exec(format.format(Date.UTC(2026, month, 15))) ?? []
      if (name !== undefined) names.add(name.toLowerCase())
    }
  }
  return names
}

/** "He lives in Oslo." and, in a row of labels, "Scribe: Noor Haddad." */
function leansBack(sentence: string): boolean {
  return POINTS_BACK.test(sentence) || (LABELLED.test(sentence) && sentence.split(/\s+/).length <= 6)
}

const LABELLED = /^\p{Lu}[\p{L} ]{1,24}:\s/u
/** Words for something that an English sentence before has named. */
const POINTS_BACK =
  /^(?:he|she|it|they|this|these|those|that|there|its|his|her|their|both|each|neither|none|otherwise|however)\b/i

function trimSpan(text: string, { start, end }: Span): Span {
  const value = text.slice(start, end)
  const trimmed = value.trimStart()
  return { start: end - trimmed.length, end: end - trimmed.length + trimmed.trimEnd().length }
}
