/** A number in a text, and its possible values: "1,312" is 1312 to some readers and 1.312 to others. */
export interface NumberMention {
  start: number
  end: number
  /** The reading that is usual in English comes first. */
  readings: readonly number[]
}

export type Unit = keyof typeof SECONDS

/**
 * Finds numbers in a text, left to right. Dates, times, versions and keys such as INC-1042 are not numbers.
 */
export function findNumberMentions(text: string, unit?: Unit): NumberMention[] {
  const durations = unit ? findDurations(text, unit) : []
  const inDuration = (index: number) => durations.some(({ start, end }) => index >= start && index < end)
  const plain = [...text.matchAll(NUMBER)].flatMap((match): NumberMention[] => {
    const [all, sign = '', digits = ''] = match
    const suffix = readSuffix(text, match.index + all.length)
    if (suffix === undefined || inDuration(match.index + sign.length)) return []
    const factor = sign === '' ? suffix.factor : -suffix.factor
    const readings = listDigitReadings(digits).map((reading) => Number((reading * factor).toPrecision(15)))
    return [{ start: match.index, end: match.index + all.length + suffix.length, readings }]
  })
  const words = [...text.matchAll(NUMBER_WORD)].flatMap((match): NumberMention[] => {
    if (inDuration(match.index)) return []
    const word = match[0].toLowerCase()
    return [{ start: match.index, end: match.index + word.length, readings: [WORDS.indexOf(word)] }]
  })
  const all = [...durations, ...plain, ...words].filter(({ readings }) => readings.length > 0)
  return all.sort((a, b) => a.start - b.start)
}

/** Finds the time unit of a field in its name and description: `durationMinutes`, "in seconds". */
export function findTimeUnit(words: string): Unit | undefined {
  const name = /(milliseconds|seconds|minutes|hours|days)(?![a-z])/i.exec(words)?.[1]?.toLowerCase()
  return UNITS.find((unit) => unit === name)
}

const SECONDS = { milliseconds: 0.001, seconds: 1, minutes: 60, hours: 3_600, days: 86_400 }
const UNITS = ['milliseconds', 'seconds', 'minutes', 'hours', 'days'] as const
const UNIT_WORDS: readonly (readonly [RegExp, Unit])[] = [
  [/^(?:ms|millis)/i, 'milliseconds'],
  [/^s/i, 'seconds'],
  [/^m/i, 'minutes'],
  [/^h/i, 'hours'],
  [/^d/i, 'days'],
]

const WORDS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')
const AMOUNT = String.raw`(?:\d+(?:\.\d+)?|${WORDS.join('|')})`
const TIME_UNIT =
  '(?:ms|millis(?:econds?)?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)'
const DURATION = new RegExp(
  String.raw`(?<![\p{L}\p{N}.,:_-])${AMOUNT}\s?${TIME_UNIT}\b(?:(?:\s+and\s+|,?\s*)${AMOUNT}\s?${TIME_UNIT}\b)*`,
  'giu',
)
const DURATION_PART = new RegExp(`(${AMOUNT})\\s?(${TIME_UNIT})\\b`, 'gi')

/**
 * Finds durations and converts them to the unit: "1 h 47 min" is 107 minutes. This conversion is exact, and
 * no other is made.
 */
function findDurations(text: string, unit: Unit): NumberMention[] {
  return [...text.matchAll(DURATION)].map((match) => {
    const parts = [...match[0].matchAll(DURATION_PART)]
    const seconds = parts.reduce((sum, [, amount = '', word = '']) => {
      const partUnit = UNIT_WORDS.find(([pattern]) => pattern.test(word))?.[1] ?? 'seconds'
      const spelled = WORDS.indexOf(amount.toLowerCase())
      return sum + (spelled === -1 ? Number(amount) : spelled) * SECONDS[partUnit]
    }, 0)
    const readings = [Number((seconds / SECONDS[unit]).toPrecision(12))]
    return { start: match.index, end: match.index + match[0].length, readings }
  })
}

const NUMBER_WORD = new RegExp(`(?<![\\p{L}-])(?:${WORDS.join('|')})(?![\\p{L}-])`, 'giu')

// Not behind a letter, a digit, or a mark that ties it to one: INC-1042, v2.1, 14:05, 2026-03-03.
const NUMBER =
  /(?<![\p{L}\p{N}_]|[\p{L}\p{N}][-–.,:/])([-−]?)(\d{1,3}(?:['’\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*)/gu

const FACTORS: Record<string, number> = { k: 1e3, thousand: 1e3, m: 1e6, million: 1e6, bn: 1e9, billion: 1e9 }
const FACTOR = /^(?:(k|M|bn)(?![\p{L}\p{N}])|\s?(thousand|million|billion)\b)/u
const UNIT_AFTER = /^(?:ms|s|secs?|m|mins?|h|hrs?|d|x|[kKMGT]i?B|EUR|USD|GBP|CHF|px|rps)(?![\p{L}\p{N}])/u

/**
 * Reads the suffix of a number (k, million, a unit). undefined where letters or marks make the number part of
 * something else.
 */
function readSuffix(text: string, index: number): { length: number; factor: number } | undefined {
  const after = text.slice(index, index + 12)
  const factor = FACTOR.exec(after)
  const word = (factor?.[1] ?? factor?.[2] ?? '').toLowerCase()
  if (factor !== null) return { length: factor[0].length, factor: FACTORS[word] ?? 1 }
  const isTied = /^(?:[\p{L}\p{N}_]|[-–:/]\d)/u.test(after) && !UNIT_AFTER.test(after)
  return isTied ? undefined : { length: 0, factor: 1 }
}

/** Lists the readings with a decimal point or comma that the digits allow; none for text such as 1.2.3. */
function listDigitReadings(digits: string): number[] {
  const text = digits.replaceAll(/['’\u00a0\u202f]/g, '')
  const commas = text.split(',').length - 1
  const points = text.split('.').length - 1
  if (commas > 0 && points > 0) {
    const decimal = text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.'
    const isGrouped = decimal === '.' ? /^\d{1,3}(?:,\d{3})+\.\d+$/ : /^\d{1,3}(?:\.\d{3})+,\d+$/
    const plain = text.replaceAll(decimal === ',' ? '.' : ',', '').replace(',', '.')
    return isGrouped.test(text) ? toFinite(plain) : []
  }
  const whole = text.replaceAll(/[.,]/g, '')
  const isGrouped = /^\d{1,3}(?:[.,]\d{3})+$/.test(text)
  if (commas + points > 1) return isGrouped ? toFinite(whole) : []
  const decimal = toFinite(text.replace(',', '.'))
  if (!isGrouped) return decimal
  return commas === 1 ? [...toFinite(whole), ...decimal] : [...decimal, ...toFinite(whole)]
}

function toFinite(text: string): number[] {
  const value = Number(text)
  return Number.isFinite(value) ? [value] : []
}
