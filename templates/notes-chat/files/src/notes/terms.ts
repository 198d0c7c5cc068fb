import { stemmer } from 'stemmer'

// Also the words that questions are made of: every note matches "how" and "what", and no note is about them.
const STOP_WORDS = new Set(
  `a about again all also am an and any anyone are as at be been being but by can could did do does doing done for from get
give had has have having he her here hers him his how i if in into is it its itself just know let many me mean mention
mentioned might mine more most much my no nor not of off on once one or our ours out over own please s said say says shall she should so some
still such t tell than that the their theirs them then there these they this those through to too us very was we were what when
where whether which while who whom whose why will with would you your yours`.split(/\s+/),
)

// Scripts that put no space between words: one character is the smallest term that still tells texts apart.
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}]+/gu

/** The words of a text in its order, lower case. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/['’]s\b/g, '')
      .match(WORD) ?? []
  )
}

/** The stem by which a word is found (Porter 1980), or undefined for a word that says nothing about a subject. */
export function termOf(word: string): string | undefined {
  return STOP_WORDS.has(word) ? undefined : stemmer(word)
}

/** The terms of a text: what search and the heuristic provider compare. */
export function termsOf(text: string): string[] {
  return wordsOf(text).flatMap((word) => termOf(word) ?? [])
}
