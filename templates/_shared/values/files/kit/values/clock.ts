/** A time of day in a text. */
export interface TimeFound {
  start: number
  end: number
  /** `HH:MM:SS` */
  time: string
  /** `Z` or `+02:00`, where the text gives a time zone. */
  offset: string | undefined
}

const ZONE = String.raw`(?:\s?(?<zone>Z|UTC|GMT)?(?<offset>\s?[+-−]\d{1,2}(?::?\d{2})?)?(?![\p{L}\p{N}]))?`
const PATTERNS: readonly RegExp[] = [
  // 14:05 · 14:05:09.120 · 2:05 pm
  RegExp(
    String.raw`(?<![\p{N}:.])(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,]\d+)?)?(?!\d|:\d)(?:\s?(?<half>[ap])\.?m\b\.?)?${ZONE}`,
    'giu',
  ),
  // 2 pm
  /(?<![\p{N}:.])(?<hour>\d{1,2})\s?(?<half>[ap])\.?m\b\.?/giu,
  // 14h05 · 14.05 Uhr
  /(?<![\p{N}:.])(?<hour>\d{1,2})\s?h\s?(?<minute>\d{2})(?![\p{L}\p{N}])/giu,
  /(?<![\p{N}:.,])(?<hour>\d{1,2})(?:[.:](?<minute>\d{2}))?\s?Uhr(?!\p{L})/giu,
  // 14時05分 · 14点05分 · 14시 5분
  /(?<!\d)(?<hour>\d{1,2})\s?[時时点點시]\s?(?:(?<minute>\d{1,2})\s?[分분])/gu,
]

/** Finds times of day in a text with ASCII digits. A plain number such as "at 9" is no time. */
export function findTimes(text: string): TimeFound[] {
  const found: TimeFound[] = []
  for (const pattern of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const { start, end } = { start: match.index, end: match.index + match[0].length }
      const time = toTime(match.groups ?? {})
      if (time === undefined || found.some((one) => start < one.end && end > one.start)) continue
      found.push({ start, end, time, offset: toOffset(match.groups ?? {}) })
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

function toTime({
  hour,
  minute = '0',
  second = '0',
  half,
}: Record<string, string | undefined>): string | undefined {
  const given = Number(hour)
  if (half !== undefined && (given < 1 || given > 12)) return undefined
  const hours = half === undefined ? given : (given % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  if (hours > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  return [hours, Number(minute), Number(second)].map((part) => String(part).padStart(2, '0')).join(':')
}

function toOffset({ zone, offset }: Record<string, string | undefined>): string | undefined {
  const [, sign = '', hours = '', minutes = '00'] = /([+\-−])(\d{1,2}):?(\d{2})?/.exec(offset ?? '') ?? []
  if (sign === '') return zone === undefined ? undefined : 'Z'
  if (Number(hours) + Number(minutes) === 0) return 'Z'
  return `${sign === '+' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes}`
}
