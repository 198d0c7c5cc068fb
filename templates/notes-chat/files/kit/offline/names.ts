import { extractTerms } from '#kit/retrieval/terms'
import { removeValues } from './values.ts'
import { toVerb } from './verbs.ts'

// Whether a sentence names a person, by its letters: capitals, titles, prepositions and a few nouns.

/** Words that begin a sentence in a note more often than a name does. */
const OPENERS = new Set(
  `a all also always and any ask at before bring but buy by call check each every first for from get give he her here his how i if in it its last let
  make meet my never next no not note notes now of off on once one open or our out own pay please return see send she so some take tell that the their then
  there these they this those to today todo tomorrow try until use we what when where which who with you your yes`.split(
    /\s+/,
  ),
)
export const TITLE = /\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Fr|Herr|Frau|Mme|M)\.?\s+(?=\p{Lu})/u
const ROLE =
  /\b(?:I|we|my (?:wife|husband|partner|mother|father|mum|mom|dad|parents|sister|brother|son|daughter|aunt|uncle|cousin|friend|boss|manager|team|neighbou?rs?|landlord|landlady)|(?:the|our|a|an) (?:[\p{Ll}-]+ )?(?:team|boss|manager|director|secretary|landlord|landlady|neighbou?rs?|doctor|dentist|nurse|teacher|coach|trainer|plumber|electrician|gardener|caretaker|janitor|lawyer|accountant|vendor|supplier|client|customer|company|agency|office|desk|intern|lead|owner|shop))\b/u
const WORD = /\p{L}[\p{L}\p{N}'’-]*/gu
/** What a name behind one of these is, the sentence says nothing is done by. */
const ABOUT = /\b(to|for|from|at|in|near|on|of|via|into|about) (?:the |(?:Mr|Mrs|Ms|Dr)\.? )?$/

/** "Who has the book?" is answered by "lent to Oskar". */
const HAS = /\bwho (?:has|have|had|got)\b/i

/** Whether a word has one of these terms. */
export function isWordOf(terms: ReadonlySet<string>): (word: string) => boolean {
  return (word) => extractTerms(word).some((term) => terms.has(toVerb(term)))
}

/** Words of a text that look like names: capital first, then small letters. `skips`: words that are none. */
export function* findNames(
  text: string,
  skips: (word: string) => boolean,
): Generator<{ name: string; before: string }> {
  for (const { 0: name, index } of text.matchAll(WORD)) {
    if (!/^\p{Lu}\p{Ll}/u.test(name) || skips(name)) continue
    const before = text.slice(0, index)
    const isOpening = /(?:^|[.!?:;(–—]\s?|[-*•]\s)\W*$/u.test(before)
    if (isOpening && !isOpeningName(name, text.slice(index + name.length))) continue
    yield { name, before }
  }
}

/** "Ana, Bo", "Ana books", "Ana Lind": a word that opens a sentence may have its capital from that alone. */
function isOpeningName(name: string, after: string): boolean {
  if (OPENERS.has(name.toLowerCase())) return false
  return /^(?:\s*$|\s*[.,;()&–—-]|\s+(?:and|or|&|\p{Lu}|\p{Ll}+(?:s|ed)\b|will|can|has|is|was|knows|\())/u.test(
    after,
  )
}

/** Whether a sentence says who: by a name, a title, "I" or a role. `asked`: the question's terms, which are no names. */
export function hasPerson(sentence: string, question: string, asked: ReadonlySet<string>): boolean {
  const text = removeValues(sentence, 'DATE', 'TIME')
  if (TITLE.test(text) || ROLE.test(text)) return true
  const isAsked = isWordOf(asked)
  for (const { before } of findNames(text, isAsked)) {
    const [, preposition] = ABOUT.exec(before) ?? []
    const isMeant = HAS.test(question) || new RegExp(`\\b${preposition}\\b`, 'i').test(question)
    if (preposition === undefined || isMeant) return true
  }
  return false
}
