import { createRequire } from 'node:module'
import { stemmer as stemDanish } from '@orama/stemmers/danish'
import { stemmer as stemDutch } from '@orama/stemmers/dutch'
import { stemmer as stemFinnish } from '@orama/stemmers/finnish'
import { stemmer as stemFrench } from '@orama/stemmers/french'
import { stemmer as stemGerman } from '@orama/stemmers/german'
import { stemmer as stemGreek } from '@orama/stemmers/greek'
import { stemmer as stemHungarian } from '@orama/stemmers/hungarian'
import { stemmer as stemItalian } from '@orama/stemmers/italian'
import { stemmer as stemNorwegian } from '@orama/stemmers/norwegian'
import { stemmer as stemPortuguese } from '@orama/stemmers/portuguese'
import { stemmer as stemRomanian } from '@orama/stemmers/romanian'
import { stemmer as stemRussian } from '@orama/stemmers/russian'
import { stemmer as stemSpanish } from '@orama/stemmers/spanish'
import { stemmer as stemSwedish } from '@orama/stemmers/swedish'
import { stemmer as stemTurkish } from '@orama/stemmers/turkish'

/** Lists of small words (articles, pronouns, words of questions) by ISO 639-1 code; some have common nouns as well. */
const SMALL_WORDS: Readonly<Record<string, readonly string[]>> = createRequire(import.meta.url)(
  'stopwords-iso',
)

const LANGUAGES = [
  ...(['cs', 'da', 'de', 'el', 'es', 'fi', 'fr', 'hr', 'hu', 'it', 'lt'] as const),
  ...(['nl', 'no', 'pl', 'pt', 'ro', 'ru', 'sk', 'sl', 'sv', 'tr', 'uk'] as const),
]

/** A language whose small words we know. */
export type Language = (typeof LANGUAGES)[number]

/** Snowball's stemmers, for the languages that have one. */
const STEMMERS: Partial<Record<Language, (word: string) => string>> = {
  da: stemDanish,
  nl: stemDutch,
  fi: stemFinnish,
  fr: stemFrench,
  de: stemGerman,
  el: stemGreek,
  hu: stemHungarian,
  it: stemItalian,
  no: stemNorwegian,
  pt: stemPortuguese,
  ro: stemRomanian,
  ru: stemRussian,
  es: stemSpanish,
  sv: stemSwedish,
  tr: stemTurkish,
}

/** For each small word, the languages that have it. */
const OWNERS = new Map<string, Language[]>()
for (const language of LANGUAGES) {
  for (const word of SMALL_WORDS[language] ?? []) OWNERS.set(word, [...(OWNERS.get(word) ?? []), language])
}
const ENGLISH = new Set(SMALL_WORDS['en'])
const SAMPLE = 600 // characters

/**
 * Detects the language of a text by its small words. undefined for English, for a text with fewer than two of them, and
 * for a language that writes without spaces or that we have no list of.
 */
export function detectLanguage(text: string): Language | undefined {
  const words = new Set(
    text
      .slice(0, SAMPLE)
      .toLowerCase()
      .match(/[\p{L}\p{M}]+/gu),
  )
  const hits = new Map<Language, number>()
  let english = 0
  for (const word of words) {
    if (ENGLISH.has(word)) english++
    for (const language of OWNERS.get(word) ?? []) hits.set(language, (hits.get(language) ?? 0) + 1)
  }
  const [best] = [...hits].sort(([, a], [, b]) => b - a)
  return best !== undefined && best[1] >= 2 && best[1] > english ? best[0] : undefined
}

/** Whether a word in lower case is one of the small words of a language. */
export function isSmallWord(word: string, language: Language): boolean {
  return OWNERS.get(word)?.includes(language) ?? false
}

/** The stem of a word in lower case; the word itself where its language has no stemmer. */
export function stemForeign(word: string, language: Language): string {
  return STEMMERS[language]?.(word) ?? word
}
