import { type DateFound, findDates } from './calendar.ts'
import { findTimes, type TimeFound } from './clock.ts'
import { type DayOrder, findDayOrder } from './day-order.ts'
import { toAsciiDigits } from './locales.ts'

/** A date or time in a text. Parts that the text does not give are missing, never filled in. */
export interface DateMention {
  start: number
  end: number
  /** `YYYY-MM-DD`. Two for 03/04/2026 (March or April); none without a year. */
  dates: readonly string[]
  /** `MM-DD`, when there is no year. */
  monthDays: readonly string[]
  /** `HH:MM:SS` */
  time: string | undefined
  /** `Z` or `+02:00`, where the text gives a time zone. */
  offset: string | undefined
}

/**
 * Finds dates and times of day, left to right, with month names of every language that Node knows. `order` is that of the
 * document; without it, the text itself decides as far as it can. Skips relative ones ("yesterday"): the text does not
 * give their meaning.
 */
export function findDateMentions(original: string, order?: DayOrder): DateMention[] {
  if (!/\p{Nd}/u.test(original)) return []
  const text = toAsciiDigits(original)
  const dates = findDates(text, order ?? findDayOrder(text))
  const times = findTimes(text).filter(
    (time) => !dates.some(({ start, end }) => time.start < end && time.end > start),
  )
  const mentions = dates.map((date) => joinTime(date, times, text))
  const joined = new Set(mentions.flatMap(({ used }) => used ?? []))
  const alone = times
    .filter((time) => !joined.has(time))
    .map((time) => ({ ...time, dates: [], monthDays: [] }))
  return [...mentions.map(({ mention }) => mention), ...alone].sort(
    (a, b) => a.start - b.start || a.end - b.end,
  )
}

/** "2026-03-03T14:05", "3 March 2026 at 2:05 pm", "um 14.05 Uhr", "(14:05"; and "14:05 on 3 March". */
const BETWEEN = /^[\s,T(–-]*(?:\p{L}{1,3}\.?\s){0,2}$/u

function joinTime(date: DateFound, times: readonly TimeFound[], text: string) {
  const { start, end, dates, monthDays } = date
  const isJoined = (from: number, to: number) =>
    to >= from && to - from <= 14 && BETWEEN.test(text.slice(from, to))
  const used =
    times.find((time) => isJoined(end, time.start)) ?? times.find((time) => isJoined(time.end, start))
  const mention: DateMention = {
    start: Math.min(start, used?.start ?? start),
    end: Math.max(end, used?.end ?? end),
    ...{ dates, monthDays, time: used?.time, offset: used?.offset },
  }
  return { mention, used }
}

/** The dates of the whole document, which complete a date that lacks a part. */
export interface DateContext {
  /** All its full dates, `YYYY-MM-DD`. */
  all: ReadonlySet<string>
  /** Their year, when all share one. */
  year: string | undefined
  /** The date that a time of day belongs to. */
  date: string | undefined
  /** Which comes first in its numeric dates. */
  order: DayOrder | undefined
}

const MAX_LINES = 2_000

/**
 * Collects the dates of a document. A time without a date belongs to the document's only date, if that comes
 * before it.
 */
export function collectDateContext(text: string): DateContext {
  const lines = text
    .split('\n')
    .filter((line) => line.length < 1_000 && /\p{Nd}/u.test(line))
    .slice(0, MAX_LINES)
  const order = findDayOrder(toAsciiDigits(lines.join('\n')))
  const mentions = lines.flatMap((line) => findDateMentions(line, order))
  const all = new Set(mentions.flatMap(({ dates }) => dates))
  const years = new Set([...all].map((date) => date.slice(0, 4)))
  const [date] = mentions[0]?.dates ?? []
  const year = years.size === 1 ? [...years][0] : undefined
  return { all, year, date: all.size === 1 ? date : undefined, order }
}

/**
 * Lists all readings of a mention as `YYYY-MM-DD`, or as `YYYY-MM-DDTHH:MM:SS` and its offset, if it has one.
 */
export function listDateReadings(
  mention: DateMention,
  kind: 'date' | 'date-time',
  context: DateContext,
): string[] {
  const { monthDays, time, offset = '' } = mention
  const completed = context.year ? monthDays.map((monthDay) => `${context.year}-${monthDay}`) : []
  const dates = mention.dates.length > 0 ? [...mention.dates] : completed
  if (kind === 'date') return dates
  if (time === undefined) return []
  const days = dates.length > 0 || monthDays.length > 0 ? dates : [context.date ?? []].flat()
  return days.map((day) => `${day}T${time}${offset}`)
}
