import { stemmer } from 'stemmer'

// Includes the words of questions: every document matches "how" and "what", and none is about them.
const STOP_WORDS = new Set(
  `a about again all also am an and any anyone are as at be been being but by can could did do does doing done for from get
give had has have having he her here hers him his how i if in into is it its itself just know let many me mean mention
mentioned might mine more most much my no nor not of off on once one or our ours out over own please s said say says shall she should so some
still such t tell than that the their theirs them then there these they this those through to too us very was we were what when
where whether which while who whom whose why will with would you your yours`.split(/\s+/),
)

// Scripts without spaces between words: one character is the smallest term that still distinguishes texts.
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]`
const WORD = new RegExp(String.raw`${UNSPACED}|[\p{L}\p{M}\p{N}]+(?:_+[\p{L}\p{M}\p{N}]+)*`, 'gu')

/**
 * The words of a text, in order and in their case, normalised to NFKC and without a possessive 's.
 * `maxRetryCount` and `max_retry_count` are one word each.
 */
export function splitWords(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .replaceAll(/['’]s\b/g, '')
      .match(WORD) ?? []
  )
}

// Splits `maxRetry|Count`, `HTTP|Server`, `sha|256` and `snake|_case`.
const PART_ENDS = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L}{2})(?=\p{N})|_+/u

/**
 * Caches stems: stemming is most of the work of indexing and reranking, and texts repeat the same few
 * thousand words.
 */
const known = new Map<string, readonly string[]>()
const MOST_KNOWN = 50_000

/**
 * The terms by which a word is found: its stem (Porter 1980). For an identifier, the whole in lower case and
 * the stems of its parts, because people search for "retry count" and for `maxRetryCount`. A stop word has
 * none.
 */
export function stemWord(word: string): readonly string[] {
  const found = known.get(word)
  if (found !== undefined) return found
  if (known.size === MOST_KNOWN) known.clear()
  const terms = deriveTerms(word)
  known.set(word, terms)
  return terms
}

function deriveTerms(word: string): string[] {
  const parts = word.split(PART_ENDS).filter((part) => part !== '')
  const whole = word.toLowerCase()
  if (parts.length < 2) return STOP_WORDS.has(whole) ? [] : [stemmer(whole)]
  const subjects = parts.map((part) => part.toLowerCase()).filter((part) => !STOP_WORDS.has(part))
  return [whole, ...subjects.map((part) => stemmer(part))]
}

/** The terms of a text, in order, with repeats. Ranking, vectors and the heuristic provider compare these. */
export function extractTerms(text: string): string[] {
  return splitWords(text).flatMap(stemWord)
}
