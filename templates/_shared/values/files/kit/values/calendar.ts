import type { DayOrder } from './day-order.ts'
import { findEraStart, findMonths, foldWord } from './locales.ts'

/** A date in a text. Without a year, it has `monthDays` instead of `dates`. */
export interface DateFound {
  start: number
  end: number
  /** `YYYY-MM-DD`, every date that it can mean. */
  dates: readonly string[]
  /** `MM-DD`, when there is no year. */
  monthDays: readonly string[]
}

interface DateParts {
  year: number | undefined
  /** Pairs of month and day. */
  days: readonly (readonly [month: number, day: number])[]
}

interface Form {
  pattern: RegExp
  read(groups: Record<string, string | undefined>, order: DayOrder | undefined): DateParts
}

const EDGE = String.raw`(?<![\p{L}\p{N}]|[\p{L}\p{N}][./-])`
const STOP = String.raw`(?![\p{N}]|[./-]\d)`
const WORD = String.raw`[\p{L}\p{M}]{2,24}\.?`
/** After a day: 3rd, 1er, 1º, 3., 9일 */
const ORDINAL = String.raw`(?:\.|[\p{L}º°ª]{1,3}\.?)?`
const GAP = String.raw`[\s\u00a0,/-]{1,3}`
/** Between the parts: "de", "of", "di", "m." */
const LINK = String.raw`(?:${GAP}(?:[\p{L}]{1,4}\.?\s)??)`
const YEAR = String.raw`(?<year>\d{4}|['’]\d{2})(?!\d)`

/** Every way to write a date, the surest first; a place in the text counts once. */
const FORMS: readonly Form[] = [
  {
    pattern:
      /(?<![\d./-])(?<year>\d{4})(?<mark>[-/.])(?<month>\d{1,2})\k<mark>(?<day>\d{1,2})(?![\d/]|-\d)/gu,
    read: ({ year, month, day }) => ({ year: Number(year), days: [[Number(month), Number(day)]] }),
  },
  {
    pattern:
      /(?:(?<era>\p{Script=Han}{2})?(?<year>\d{1,4})\s?[年년]\s?)?(?<month>\d{1,2})\s?[月월]\s?(?<day>\d{1,2})\s?[日号일]/gu,
    read: ({ era, year, month, day }) => {
      const start = findEraStart(era ?? '')
      const first = start === undefined ? toYear(year) : start + Number(year) - 1
      return { year: first, days: [[Number(month), Number(day)]] }
    },
  },
  {
    // Vietnamese numbers its months.
    pattern:
      /(?<![\p{N}.,/-])(?<day>\d{1,2})\s(?:tháng|thg)\s(?<month>\d{1,2})(?:,?\s(?:năm\s)?(?<year>\d{4}))?/giu,
    read: ({ year, month, day }) => ({ year: toYear(year), days: [[Number(month), Number(day)]] }),
  },
  {
    pattern:
      /(?<![\p{N}_]|[\p{L}\p{N}][./-]|\b[vV](?:er(?:sion|\.)?)?\s?)(?<first>\d{1,2})(?<mark>[./-])\s?(?<second>\d{1,2})\k<mark>\s?(?<year>\d{4}|\d{2})(?![\p{N}_]|[./-]\d|[:.]\d{2}\b)/gu,
    read: ({ first, second, mark, year }, order) => ({
      year: toYear(year),
      days: orderDays(Number(first), Number(second), mark ?? '', order),
    }),
  },
  {
    pattern: RegExp(
      String.raw`${EDGE}(?<day>\d{1,2})${ORDINAL}${GAP}(?<month>${WORD})(?:${LINK}${YEAR})?`,
      'gu',
    ),
    read: readNamed,
  },
  {
    pattern: RegExp(
      String.raw`${EDGE}(?<day>\d{1,2})${ORDINAL}${GAP}\p{L}{1,4}\.?\s(?<month>${WORD})(?:${LINK}${YEAR})?`,
      'gu',
    ),
    read: readNamed,
  },
  {
    pattern: RegExp(
      String.raw`${EDGE}(?:(?<year>\d{4})[.,]?${LINK})?(?<month>${WORD})[\s-]{1,2}(?<day>\d{1,2})(?:st|nd|rd|th)?(?:\s?[-–—]\s?(?<until>\d{1,2}))?${STOP}(?!:\d)(?:,?\s?(?<later>\d{4})(?!\d))?`,
      'gu',
    ),
    read: ({ later, ...groups }) => readNamed({ ...groups, year: groups['year'] ?? later }),
  },
]

function readNamed({ year: written, month = '', day }: Record<string, string | undefined>): DateParts {
  // Thailand counts from the death of the Buddha.
  const isThai = /\p{Script=Thai}/u.test(month) && Number(written) > 2400
  const year = isThai ? Number(written) - 543 : toYear(written)
  return { year, days: findMonths(foldWord(month)).map((number) => [number, Number(day)]) }
}

/** Two digits mean the years 1970 to 2069. */
function toYear(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const year = Number(text.replace(/^['’]/, ''))
  return year < 70 ? year + 2000 : year < 100 ? year + 1900 : year
}

/** With points, the day comes first; with other marks, the order depends on the country. */
function orderDays(
  first: number,
  second: number,
  mark: string,
  order: DayOrder | undefined,
): DateParts['days'] {
  if (mark === '.' || order === 'day-first') return [[second, first]]
  return order === 'month-first'
    ? [[first, second]]
    : [
        [first, second],
        [second, first],
      ]
}

/** In "3 to 9 March 2027" the first day has the month and the year of the second. */
const RANGE_START =
  /(?<![\p{L}\p{N}.,/-])(\d{1,2})\.?(?:st|nd|rd|th)?\s?(?:[-–—]|\s(?:\p{L}{1,5}|[-–—])\s)\s?$/u
/** "5 days after 3 March" is another day. */
const RELATIVE = /\b(?:days?|weeks?|months?|hours?|years?)\s(?:after|before|from)\s(?:\p{L}+\s)?$/iu

/** Finds dates, left to right, in a text with ASCII digits. A date that does not exist, such as 31 February, is none. */
export function findDates(text: string, order: DayOrder | undefined): DateFound[] {
  const found: DateFound[] = []
  for (const { pattern, read } of FORMS) {
    for (const match of text.matchAll(pattern)) {
      const { start, end } = { start: match.index, end: match.index + match[0].length }
      if (found.some((one) => start < one.end && end > one.start)) continue
      const { dates, monthDays } = toDates(read(match.groups ?? {}, order))
      const isMeant = dates.length + monthDays.length > 0
      const before = text.slice(Math.max(0, start - 40), start)
      if (!isMeant || RELATIVE.test(before)) continue
      const one = { start, end, dates, monthDays }
      const until = match.groups?.['until']
      found.push(...readRangeStart(before, start, one), one, ...(until ? withDay(one, until) : []))
    }
  }
  return found.sort((a, b) => a.start - b.start || a.end - b.end)
}

function readRangeStart(before: string, start: number, until: DateFound): DateFound[] {
  const match = RANGE_START.exec(before)
  if (match === null) return []
  return withDay({ ...until, start: start - match[0].length, end: start }, match[1] ?? '')
}

/** The same month and year, another day; nothing when that day does not exist. */
function withDay({ dates, monthDays, ...span }: DateFound, text: string): DateFound[] {
  const change = (date: string) => `${date.slice(0, -2)}${text.padStart(2, '0')}`
  const changed = {
    ...{ ...span, dates: dates.map(change).filter(isRealDate) },
    monthDays: monthDays.map(change).filter((one) => isRealDate(`2000-${one}`)),
  }
  return changed.dates.length + changed.monthDays.length > 0 ? [changed] : []
}

function toDates({ year, days }: DateParts): Pick<DateFound, 'dates' | 'monthDays'> {
  const pad = (part: number) => String(part).padStart(2, '0')
  const monthDays = days.map(([month, day]) => `${pad(month)}-${pad(day)}`)
  if (year === undefined)
    return { dates: [], monthDays: unique(monthDays.filter((one) => isRealDate(`2000-${one}`))) }
  return {
    dates: unique(monthDays.map((one) => `${String(year).padStart(4, '0')}-${one}`).filter(isRealDate)),
    monthDays: [],
  }
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}

function isRealDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}
