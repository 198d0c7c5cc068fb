/**
 * A number in running text, in one spelling, so that 1,200 / 1200 / 1.2k, 12% / 12 percent, 2:30 pm / 14:30
 * and 2026-03-05 / 5 March 2026 compare equal. English conventions: a comma before three digits groups them.
 * Ignores signs and currencies; compares dates part by part.
 */
export interface NumberFound {
  /** Its spelling in the text. */
  text: string
  /** Its possible values; several if it is ambiguous: "5m" is 5 (metres) or 5000000. */
  readings: string[]
}

const PERCENT = '%|percent\\b|per cent\\b|percentage points?\\b|pct\\b'
const SCALE_WORDS = { hundred: 2, thousand: 3, million: 6, billion: 9, trillion: 12 }
/** Powers of ten. */
const SCALES: Record<string, number> = { ...SCALE_WORDS, k: 3, m: 6, mn: 6, b: 9, bn: 9 }
const SCALE_WORD = `(?:${Object.keys(SCALE_WORDS).join('|')})\\b`

const DATE = /(?<!\d)(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}([./])\d{1,2}\1\d{4})(?!\d)/g
const TWELVE_HOURS = /(?<![\d:.])(\d{1,2})(?:[:.](\d{2}))?\s?([ap])\.?m\b/gi
const CLOCK = /(?<![\d:.])(\d{1,2})[:h](\d{2})(?::\d{2})?(?![\d:])/g
const VERSION = /\d+(?:\.\d+){2,}/g
const DIGITS = '\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?(?!\\d)|(?<![\\d,])\\d+,\\d{1,2}(?![\\d,])|\\d+(?:\\.\\d+)?'
const UNIT = `\\s?(?:${PERCENT}|${SCALE_WORD})|(?:k|mn?|bn?)(?![\\p{L}\\p{N}])`
const NUMBER = new RegExp(`([$€£¥]\\s?)?(${DIGITS})(${UNIT})?`, 'giu')
const RANGE = /^\s?(?:-|–|—|to|and)\s?$/

/** Extracts every number written in digits: dates first, then times, versions and the rest. */
export function extractNumbers(text: string): NumberFound[] {
  const found: NumberFound[] = []
  let rest = joinGroups(text).normalize('NFKC')
  const take = (pattern: RegExp, read: (match: RegExpMatchArray) => string[][]) => {
    for (const match of rest.matchAll(pattern)) {
      found.push(...read(match).map((readings) => ({ text: match[0].trim(), readings })))
    }
    rest = rest.replace(pattern, ' ')
  }
  take(DATE, ([date]) => date.split(/\D/).map((part) => [trimZeros(part)]))
  take(TWELVE_HOURS, ([, hour, minute = '00', half]) => [
    [`${(Number(hour) % 12) + (half?.toLowerCase() === 'p' ? 12 : 0)}:${minute}`],
  ])
  take(CLOCK, ([, hour, minute = '00']) => [listClockReadings(Number(hour), minute)])
  take(VERSION, ([version]) => [[version]])
  return [...found, ...findPlainNumbers(rest)]
}

function findPlainNumbers(text: string): NumberFound[] {
  const matches = [...text.matchAll(NUMBER)]
  return matches.map((match, index) => {
    const [whole, currency, digits = '', unit = ''] = match
    const readings = listReadings(digits, unit, currency !== undefined)
    // In "3 to 5 million" and "10-12%", the first number may have the second one's unit, or none.
    const next = matches[index + 1]
    const between = next && text.slice(match.index + whole.length, next.index)
    if (unit === '' && next?.[3] && RANGE.test(between ?? ''))
      readings.push(...listReadings(digits, next[3], true))
    return { text: whole.trim(), readings }
  })
}

function listReadings(digits: string, unit: string, isMoney: boolean): string[] {
  const bare = /,\d{1,2}$/.test(digits) ? digits.replace(',', '.') : digits.replaceAll(',', '')
  const name = unit.trim()
  if (name === '') return [trimZeros(bare)]
  const scale = SCALES[name.toLowerCase()]
  if (scale === undefined) return [`${trimZeros(bare)}%`]
  const scaled = String(Number((Number(bare) * 10 ** scale).toPrecision(12)))
  return /^[mb]$/.test(name) && !isMoney ? [trimZeros(bare), scaled] : [scaled]
}

/** Trims the text, not the value, so that an id of 20 digits keeps them all. */
function trimZeros(digits: string): string {
  const short = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
  return short.replace(/^0+(?=\d)/, '')
}

/** "2:30" may mean am or pm. */
function listClockReadings(hour: number, minute: string): string[] {
  const asWritten = `${hour}:${minute}`
  return hour >= 1 && hour <= 11 ? [asWritten, `${hour + 12}:${minute}`] : [asWritten]
}

/** Joins digits grouped by a no-break or thin space (1 200) or by an apostrophe (1'200). */
function joinGroups(text: string): string {
  return text.replace(/(?<=\d)[\u00a0\u202f\u2009'’](?=\d{3}(?!\d))/gu, '')
}

const ONES = 'zero one two three four five six seven eight nine ten'.split(' ')
const TEENS = 'eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ')
const SMALL = [...ONES, ...TEENS]
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const FIRST = 'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ')
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

const CARDINAL = `(?:(${TENS.join('|')})[- ])?\\b(${[...SMALL, ...TENS].join('|')})\\b`
const CARDINALS = {
  all: new RegExp(`\\b${CARDINAL}`, 'gi'),
  /** "one" is mostly a pronoun. */
  'from two': new RegExp(`\\b(?!(?:zero|one)\\b)${CARDINAL}`, 'gi'),
  'before a unit': new RegExp(`\\b${CARDINAL}(?=\\s(?:${SCALE_WORD}|per ?cent\\b))`, 'gi'),
}
const ORDINAL = new RegExp(`\\b(?:${FIRST.join('|')})\\b`, 'gi')
/** Capitalised only: "may" and "march" are verbs. */
const MONTH =
  /\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t|tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b/g

/**
 * Replaces English number words with digits: "twenty-five" becomes "25", "two million" becomes "2 million".
 */
export function replaceCardinals(text: string, which: keyof typeof CARDINALS): string {
  return text.replace(CARDINALS[which], (_whole, tens: string | undefined, last: string) =>
    String((tens === undefined ? 0 : parseCardinal(tens)) + parseCardinal(last)),
  )
}

/** Replaces "first" to "twelfth" and the names of months with digits. */
export function replaceOrdinalsAndMonths(text: string): string {
  return text
    .replace(ORDINAL, (word) => String(FIRST.indexOf(word.toLowerCase()) + 1))
    .replace(MONTH, (name) => String(MONTHS.indexOf(name.slice(0, 3)) + 1))
}

function parseCardinal(word: string): number {
  const small = SMALL.indexOf(word.toLowerCase())
  return small >= 0 ? small : (TENS.indexOf(word.toLowerCase()) + 2) * 10
}
