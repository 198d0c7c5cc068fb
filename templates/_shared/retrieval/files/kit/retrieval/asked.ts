import { detectLanguage, isSmallWord, type Language } from './language.ts'
import { splitWords, stemWord } from './terms.ts'

/** A word of a question, with all terms by which it may be found. */
export interface AskedWord {
  word: string
  terms: readonly string[]
  /** One of the small words of its language, such as "wie", which no text has to have. */
  isSmall: boolean
}

/** A word that no text has, and the one that was looked for instead. */
export interface ReadAs {
  word: string
  as: string
}

/** Splits a question into the words that can be searched for, in its own language. */
export function listAskedWords(question: string): AskedWord[] {
  const language = detectLanguage(question)
  return splitWords(question).flatMap((word) => {
    const terms = stemWord(word, language)
    return terms.length === 0 ? [] : [{ word, terms, isSmall: isSmall(word, language) }]
  })
}

function isSmall(word: string, language: Language | undefined): boolean {
  return language !== undefined && isSmallWord(word.toLowerCase(), language)
}

/** In how many texts a term occurs. */
export type CountTexts = (term: string) => number

/**
 * Decides which terms of a question to weigh: of each word those that some text has; for a word that none has, those of
 * a word within one edit of it, and else its own, so that it weighs most. Small words that no text has are left out.
 */
export function resolveTerms(
  words: readonly AskedWord[],
  countTexts: CountTexts,
): { terms: string[]; readAs: ReadAs[] } {
  const [terms, readAs]: [string[], ReadAs[]] = [[], []]
  for (const { word, terms: own, isSmall } of words) {
    const found = own.filter((term) => countTexts(term) > 0)
    // Of a name such as REPORT_DB_POOL, the whole counts, whether or not its parts are known.
    const isName = stemWord(word).length > 1
    if (isSmall && (found.length === 0 || word.length <= SHORT)) continue
    const guess = found.length === 0 && !isName ? correctWord(word, countTexts) : undefined
    if (guess !== undefined) readAs.push({ word, as: guess.word })
    terms.push(
      ...(found.length === 0 ? (guess?.terms ?? (isName ? own : own.slice(0, 1))) : isName ? own : found),
    )
  }
  return { terms: [...new Set(terms)], readAs }
}

/** The terms of all words within one edit of those that no text has: what `resolveTerms` may ask for besides. */
export function listGuessedTerms(words: readonly AskedWord[], countTexts: CountTexts): string[] {
  const unknown = words.filter(
    ({ terms, isSmall }) => !isSmall && terms.every((term) => countTexts(term) === 0),
  )
  return [...new Set(unknown.flatMap(({ word }) => listGuesses(word).flatMap(({ terms }) => terms)))]
}

/** The question with the words that were looked for. */
export function correctQuestion(question: string, readAs: readonly ReadAs[]): string {
  return readAs.reduce(
    (text, { word, as }) => text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, 'u'), as),
    question,
  )
}

const SHORT = 3 // letters: what is short and small says nothing, even where texts have it
const MIN_LENGTH = 5 // letters: below, too many words are one edit away
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz'

interface Guess {
  word: string
  terms: readonly string[]
}

/** The word within one edit (a letter missing, added, changed, or two swapped) that most texts have. */
function correctWord(word: string, countTexts: CountTexts): Guess | undefined {
  const count = ({ terms }: Guess) => Math.min(...terms.map(countTexts))
  const [best] = listGuesses(word).sort((a, b) => count(b) - count(a))
  return best !== undefined && count(best) > 0 ? best : undefined
}

function listGuesses(word: string): Guess[] {
  const typed = word.toLowerCase()
  if (!/^[a-z]+$/.test(typed) || typed.length < MIN_LENGTH) return []
  const guesses = [...new Set(listEdits(typed))].map((edit) => ({ word: edit, terms: stemWord(edit) }))
  return guesses.filter(({ terms }) => terms.length > 0)
}

function listEdits(word: string): string[] {
  const edits: string[] = []
  for (let place = 0; place <= word.length; place++) {
    const [before, after] = [word.slice(0, place), word.slice(place)]
    const [first = '', second = ''] = after
    // A letter more or less at the end is another form of the word ("weigh", "weight"), not a slip.
    if (second !== '') edits.push(before + after.slice(1))
    if (second !== '') edits.push(before + second + first + after.slice(2))
    for (const letter of ALPHABET) {
      if (first !== '') edits.push(before + letter + after)
      if (first !== '') edits.push(before + letter + after.slice(1))
    }
  }
  return edits.filter((edit) => edit !== word)
}
