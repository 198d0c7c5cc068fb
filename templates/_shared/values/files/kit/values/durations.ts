export type Unit = keyof typeof SECONDS

/** A duration in a text, in seconds. */
export interface Duration {
  start: number
  end: number
  seconds: number
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

/** English number words, from zero. */
export const WORDS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')
const AMOUNT = String.raw`(?:\d+(?:[.,]\d+)?|${WORDS.join('|')})`
const TIME_UNIT =
  '(?:ms|millis(?:econds?)?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)'
const DURATION = new RegExp(
  String.raw`(?<![\p{L}\p{N}.,:_-])${AMOUNT}\s?${TIME_UNIT}\b(?:(?:\s+and\s+|,?\s*)${AMOUNT}\s?${TIME_UNIT}\b)*`,
  'giu',
)
const DURATION_PART = new RegExp(`(${AMOUNT})\\s?(${TIME_UNIT})\\b`, 'gi')

/** Finds the time unit of a field in its name and description: `durationMinutes`, "in seconds". */
export function findTimeUnit(words: string): Unit | undefined {
  const name = /(milliseconds|seconds|minutes|hours|days)(?![a-z])/i.exec(words)?.[1]?.toLowerCase()
  return UNITS.find((unit) => unit === name)
}

/** Finds durations, left to right: "1 h 47 min" is one. */
export function findDurations(text: string): Duration[] {
  return [...text.matchAll(DURATION)].map((match) => {
    const parts = [...match[0].matchAll(DURATION_PART)]
    const seconds = parts.reduce((sum, [, amount = '', word = '']) => {
      const unit = UNIT_WORDS.find(([pattern]) => pattern.test(word))?.[1] ?? 'seconds'
      const spelled = WORDS.indexOf(amount.toLowerCase())
      return sum + (spelled === -1 ? Number(amount.replace(',', '.')) : spelled) * SECONDS[unit]
    }, 0)
    return { start: match.index, end: match.index + match[0].length, seconds }
  })
}

/** Converts seconds to a unit: exact, and no other conversion is made anywhere. */
export function convertSeconds(seconds: number, unit: Unit): number {
  return Number((seconds / SECONDS[unit]).toPrecision(12))
}
