/** The decimal mark of a text, as far as its numbers show it. */
export type DecimalMark = '.' | ','

/** How the numbers of a text are written, as far as the text shows it. */
export interface NumberStyle {
  /** The decimal mark that the numbers agree on which can be read in one way only, such as 237,50 and 1.487,50. */
  mark: DecimalMark | undefined
  /** In an English text, 1,312 is a whole number. */
  isEnglish: boolean
}

export function readNumberStyle(text: string): NumberStyle {
  const marks = new Set<DecimalMark>()
  for (const match of text.matchAll(TELLING)) marks.add(match[3] as DecimalMark)
  for (const [digits] of text.matchAll(REPEATED)) marks.add(digits.includes('.') ? ',' : '.')
  const mark = marks.size === 1 ? [...marks][0] : undefined
  return { mark, isEnglish: isEnglish(text.slice(0, SAMPLE)) }
}

const SAMPLE = 20_000 // characters
const ENGLISH = new Set(
  'the of and to in is was were for with from by at on that this not are has have'.split(' '),
)

/** Whether one word in twenty is a small English one. */
function isEnglish(text: string): boolean {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? []
  return words.filter((word) => ENGLISH.has(word)).length * 20 >= Math.max(words.length, 20)
}

/** Two decimals, or a dash for them, where no date, time, version or path goes on. */
const TELLING =
  /(?<![\p{L}\p{N}_]|\d[.,:/-])(\d{1,3}(?:([.,'’\u00a0\u202f\u2009 ])\d{3})*|\d+)([.,])(?:\d{2}|[-–—](?!\d))(?![\p{N}_]|[.,:/-]\d)/gu
/** Groups of thousands: 1.234.567. */
const REPEATED =
  /(?<![\p{L}\p{N}_.,])\d{1,3}(?:\.\d{3}){2,}(?![\p{N}.])|(?<![\p{L}\p{N}_.,])\d{1,3}(?:,\d{3}){2,}(?![\p{N},])/gu

/**
 * Lists what digits with marks in them can mean: "1.234,56" is one number, "1,312" is 1312 or 1.312 unless the text
 * shows its decimal mark, and "1.2.3" is none.
 */
export function listDigitReadings(digits: string, { mark, isEnglish }: NumberStyle): number[] {
  const text = digits.replaceAll(/[\s'’]/g, '')
  if (/e/i.test(text)) return toNumbers(text)
  const hasGroups = text !== digits
  const [, whole = '', last, decimals] = /^(.*?)(?:([.,])(\d+))?$/.exec(text) ?? []
  if (last === undefined) return toNumbers(whole)
  if (hasGroups) return /[.,]/.test(whole) ? [] : toNumbers(`${whole}.${decimals}`)
  if (/[.,]/.test(whole)) return readSeveralMarks(text, whole, last, decimals ?? '')
  const asDecimal = toNumbers(`${whole}.${decimals}`)
  if (!/^[1-9]\d{0,2}$/.test(whole) || decimals?.length !== 3) return asDecimal
  const asGroup = toNumbers(whole + decimals)
  if (mark !== undefined) return mark === last ? asDecimal : asGroup
  // After a decimal comma, three zeros say nothing.
  if (last === ',') return isEnglish || decimals === '000' ? asGroup : [...asGroup, ...asDecimal]
  return [...asDecimal, ...asGroup]
}

function readSeveralMarks(text: string, whole: string, last: string, decimals: string): number[] {
  const other = last === '.' ? ',' : '.'
  if (!whole.includes(last))
    return isGrouped(whole, other) ? toNumbers(`${whole.replaceAll(other, '')}.${decimals}`) : []
  return !whole.includes(other) && isGrouped(text, last) ? toNumbers(text.replaceAll(last, '')) : []
}

/** Groups of three, or, as in India, of two before the last three: 1,23,456. */
function isGrouped(text: string, mark: string): boolean {
  const [first = '', ...groups] = text.split(mark)
  const lengths = groups.map(({ length }) => length)
  const isLast = lengths.at(-1) === 3
  return (
    first.length > 0 &&
    first.length <= 3 &&
    isLast &&
    lengths.every((length) => length === 3 || (mark === ',' && length === 2))
  )
}

function toNumbers(text: string): number[] {
  const value = Number(text)
  return text !== '' && Number.isFinite(value) ? [value] : []
}
