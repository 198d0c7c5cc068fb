import { findNames, isWordOf, TITLE } from './names.ts'
import { removeValues } from './values.ts'

// Whether a sentence names a place, by its letters: prepositions, capitals and a few nouns.

/** Nouns of places. Of those inside a place, the sentence has to say what they are in. */
const SITE =
  /\b(?:room|level|floor|platform|gate|building|hall|garage|hotel|inn|hostel|caf[eé]|restaurant|house|cabin|office|station|airport|harbou?r|school|library|church|museum|park|kitchen|cellar|basement|attic|garden|shed|bar|pub|cent(?:re|er)|hospital|clinic|street|road|avenue|lane|square|field|beach|lake)\b|\p{L}+(?:stra(?:ss|ß)e|str\.|gasse|platz|weg)\b/giu
const INSIDE = /\b(?:row|seat|desk|drawer|shelf|cupboard|box|locker)\b/giu
/** "Beco do Caldeira 1", "221b Baker Street". */
const STREET =
  /(?<!\p{L} )\p{Lu}\p{Ll}{2,}(?: \p{L}{2,}){0,3} \d{1,4}[a-z]?\b|\b\d{1,4}[a-z]? \p{Lu}\p{Ll}{2,} \p{Lu}\p{Ll}/gu
const ELSEWHERE =
  /\b(?:online|remote(?:ly)?|upstairs|downstairs|outdoors|abroad|zoom|skype|video call|by phone|(?:is|are|was|were|lies?|left|stays?) with)\b/i
const FIRM =
  'in|at|near|behind|beneath|under|above|below|besides?|next to|opposite|between|inside|outside|into'
const LOOSE = 'on|by|to|from|via|over|around|along'
const ARTICLE = String.raw`(?:the|a|an|my|our|his|her|their)\s+`
/** "At least" and "by hand" are no places. */
const FIXED =
  'least|most|once|all|first|last|advance|total|time|case|fact|general|particular|order|person|writing|half|future|touch|need|use|work|progress|finnish|english|german|french|cash|full|common|charge|call|hand|heart|name|front|from|to|on|at|by'
const SOMEWHERE: readonly RegExp[] = [
  new RegExp(String.raw`(?<![-\p{L}])(?:${FIRM})\s+(?:${ARTICLE})?(?!(?:${FIXED})\b)([\p{L}\d]+)`, 'giu'),
  new RegExp(String.raw`(?<![-\p{L}])(?:${LOOSE})\s+${ARTICLE}(?!(?:${FIXED})\b)(\p{L}+)`, 'gu'),
]
/** "From Zurich", "to Ana": a place only where the question is about a way. */
const WAY = /(?<![-\p{L}])(?:to|from|via)\s+(\p{Lu}\p{Ll}+)/gu
const ASKS_WAY =
  /\b(?:from|to|go|goes|going|went|come|comes|came|leaves?|left|fly|flies|travel|move|moved|drive|ship|send|sent|depart|arrive)\b/i

/**
 * Whether a sentence says where. `isAbout`: the sentence itself, not only its heading, has what is asked for;
 * then a name in it is a place: "Offsite: Bregenz, 12 March".
 */
export function hasPlace(
  sentence: string,
  { question, asked, isAbout }: { question: string; asked: ReadonlySet<string>; isAbout: boolean },
): boolean {
  const text = removeValues(sentence, 'DATE', 'TIME', 'DURATION', 'MONEY')
  const isAsked = isWordOf(asked)
  const nouns = [SITE, ...(isAbout ? [INSIDE] : [])].flatMap((pattern) => [...text.matchAll(pattern)])
  // "At the library" does not say where the library is.
  const ways = [...SOMEWHERE, ...(ASKS_WAY.test(question) ? [WAY] : [])]
  const others = ways.flatMap((pattern) => [...text.matchAll(pattern)]).map(([, noun = '']) => noun)
  if ([...nouns.map(([noun]) => noun), ...others].some((noun) => !isAsked(noun))) return true
  if (ELSEWHERE.test(text) || [...text.matchAll(STREET)].some(([words]) => words.search(INSIDE) < 0))
    return true
  const [first = ''] = /\p{L}[\p{L}\p{N}'’-]*/u.exec(text) ?? []
  if (!isAbout || !isAsked(first)) return false
  for (const { before } of findNames(text, isAsked))
    if (!TITLE.test(`${before.slice(-6)}X`) && !/\b(?:by|with|for|and|of) $/i.test(before)) return true
  return false
}
