import { listDigitReadings, type NumberStyle, readNumberStyle } from './digits.ts'
import { convertSeconds, findDurations, type Unit, WORDS } from './durations.ts'
import { findCountedTime, findFactors, foldWord, toAsciiDigits } from './locales.ts'

export { type NumberStyle, readNumberStyle } from './digits.ts'
export { findTimeUnit, type Unit } from './durations.ts'

/** A number in a text, and its possible values: "1,312" is 1312 to some readers and 1.312 to others. */
export interface NumberMention {
  start: number
  end: number
  /** The reading that is usual in English comes first. */
  readings: readonly number[]
}

export interface NumberOptions {
  /** Durations are converted to this unit. */
  unit?: Unit | undefined
  /** That of the whole document. Without it, the text itself decides as far as it can. */
  style?: NumberStyle | undefined
}

/**
 * Finds numbers in a text, left to right, in any script: 1,234.56 · 1.234,56 · 1 250,00 · 1'234 · 1,23,456 · 1.500,- ·
 * (100.00) · 20,00- · 1,5 Mio. · 3万. Dates, times, versions and keys such as INC-1042 are not numbers.
 */
export function findNumberMentions(original: string, { unit, style }: NumberOptions = {}): NumberMention[] {
  const text = toAsciiDigits(original)
  const known = style ?? readNumberStyle(text)
  const durations = unit ? findDurations(text) : []
  const isInDuration = (index: number) => durations.some(({ start, end }) => index >= start && index < end)
  const plain = [...text.matchAll(NUMBER)].flatMap((match) => readNumber(text, match, known))
  const words = [...text.matchAll(NUMBER_WORD)].map(({ 0: word, index }) => {
    return { start: index, end: index + word.length, readings: [WORDS.indexOf(word.toLowerCase())] }
  })
  const timed = durations.map(({ start, end, seconds }) => {
    return { start, end, readings: unit ? [convertSeconds(seconds, unit)] : [] }
  })
  const others = [...plain, ...words].filter(({ end }) => !isInDuration(end - 1))
  return [...timed, ...others].filter(({ readings }) => readings.length > 0).sort((a, b) => a.start - b.start)
}

const NUMBER_WORD = new RegExp(`(?<![\\p{L}-])(?:${WORDS.join('|')})(?![\\p{L}-])`, 'giu')

/** Whether a span of time is counted right after `index`: " days", " jours". */
export function countsTime(text: string, index: number): boolean {
  const [, word = ''] = /^[\s\u00a0]?((?:\p{L}|\p{M}){1,16})/u.exec(text.slice(index, index + 18)) ?? []
  // EUR is a currency, and an hour in Breton.
  const isCode = /^[A-Z]{3}$/.test(word)
  return word !== '' && !isCode && findCountedTime(foldWord(word)).length > 0
}

/** Letters of scripts that put no space between words: a number may stand right next to them. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const LETTER = `(?![${UNSPACED}])\\p{L}`
// Not after a letter, a digit, or a mark that ties it to one: INC-1042, v2.1, 14:05, 2026-03-03.
const NUMBER = new RegExp(
  `(?<!${LETTER}|[\\p{N}_]|(?:${LETTER}|\\p{N})[-–.,:/])([-−+]?)(\\d{1,3}(?:(['’\\u00a0\\u202f\\u2009 ])\\d{3})(?:\\3\\d{3})*(?!\\d)(?:[.,]\\d+)?|\\d+(?:[.,]\\d+)*(?:e[-+]?\\d{1,3}(?![\\p{L}\\p{N}]))?)`,
  'gu',
)

function readNumber(text: string, match: RegExpMatchArray, style: NumberStyle): NumberMention[] {
  const [all, sign = '', digits = ''] = match
  const start = match.index ?? 0
  const end = start + all.length
  const suffix = readSuffix(text, end, style.mark === ',' || /,(?:\d{1,2}|\d{4,})$/.test(digits))
  if (suffix === undefined) return []
  const around = readSigns(text, start, end)
  const isNegative = sign === '-' || sign === '−' || around.isNegative
  const readings = listDigitReadings(digits, style).flatMap((reading) =>
    suffix.factors.map((factor) => Number((reading * (isNegative ? -factor : factor)).toPrecision(15))),
  )
  return [
    {
      start: start - around.before,
      end: end + Math.max(suffix.length, around.after),
      readings: [...new Set(readings)],
    },
  ]
}

/** Money of accounts: "(100.00)" and "20,00-" are negative, and in "1.500,-" a dash stands for the cents. */
function readSigns(text: string, start: number, end: number) {
  const after = text.slice(end, end + 6)
  const [cents = ''] = /^[.,][-–—](?!\d)/.exec(after) ?? []
  if (cents !== '') return { isNegative: false, before: 0, after: cents.length }
  const [minus = ''] = /^[-−](?=[\s|;]|$|\s?[\p{Sc}\p{Lu}])/u.exec(after) ?? []
  const hasCents = /[.,]\d{2}$/.test(text.slice(start, end))
  if (minus !== '' && hasCents) return { isNegative: true, before: 0, after: minus.length }
  const [open = ''] = /\((?:[\p{Sc}]|[A-Z]{3})?\s?$/u.exec(text.slice(Math.max(0, start - 6), start)) ?? []
  const [close = ''] = /^\s?(?:[\p{Sc}]|[A-Z]{3})?\)/u.exec(after) ?? []
  if (open === '' || close === '' || !(hasCents || /[\p{Sc}A-Z]/u.test(open + close)))
    return { isNegative: false, before: 0, after: 0 }
  return { isNegative: true, before: open.length, after: close.length }
}

const FACTORS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, bn: 1e9, B: 1e9 }
const UNIT_AFTER = /^(?:ms|s|secs?|m|mins?|h|hrs?|d|x|[kKMGT]i?B|EUR|USD|GBP|CHF|px|rps)(?![\p{L}\p{N}])/u
const WORD_AFTER = new RegExp(
  `^[\\s\\u00a0]?((?:${LETTER}|\\p{M}){2,12}|[\\p{Script=Han}\\p{Script=Hangul}])\\.?`,
  'u',
)

/**
 * Reads what comes after a number: a factor (k, million, Mio., 万) or a unit. undefined where letters or marks make the
 * number part of something else. A word that is a factor in another language may be an ordinary word in English ("5 bin"),
 * so it counts for sure only after a number that is not English.
 */
function readSuffix(
  text: string,
  index: number,
  isForeign: boolean,
): { length: number; factors: readonly number[] } | undefined {
  const after = text.slice(index, index + 16)
  const [letter] = /^(?:k|M|bn)(?![\p{L}\p{N}])/u.exec(after) ?? []
  if (letter !== undefined) return { length: letter.length, factors: [FACTORS[letter] ?? 1] }
  const [all = '', word = ''] = WORD_AFTER.exec(after) ?? []
  const factors = word === '' || IS_UNIT.test(word) ? [] : findFactors(foldWord(word))
  const isCertain = isForeign || ENGLISH.test(word) || /[^\p{Script=Latin}]/u.test(word)
  if (factors.length > 0) return { length: all.length, factors: isCertain ? factors : [...factors, 1] }
  const isTied = TIED.test(after) && !UNIT_AFTER.test(after)
  return isTied ? undefined : { length: 0, factors: [1] }
}

const ENGLISH = /^(?:thousand|million|billion|trillion|lakh|crore)$/i
/** Some languages shorten thousand or million to what elsewhere is a unit. */
const IS_UNIT = /^(?:m|t|b|g|k|s|h|d|mm|km|kg|ms|px|tb|gb|mb|kb|min)$/i
const TIED = new RegExp(`^(?:${LETTER}|[\\p{N}_]|[-–:/]\\d)`, 'u')
