import { strict } from 'chrono-node/en'

/** A date or time in a text. Parts that the text does not give are missing, never filled in. */
export interface DateMention {
  start: number
  end: number
  /** `YYYY-MM-DD`. Two for 03/04/2026 (March or April); none without a year. */
  dates: readonly string[]
  /** `MM-DD`, when there is no year. */
  monthDay: string | undefined
  /** `HH:MM:SS` */
  time: string | undefined
  /** `Z` or `+02:00`, where the text gives a time zone. */
  offset: string | undefined
}

type Parsed = ReturnType<typeof strict.parse>[number]['start']

// chrono fills in missing parts from a reference date. Only parts that it is certain of are used.
const REFERENCE = new Date(Date.UTC(2000, 0, 1))

/**
 * Finds dates and times of day, left to right. Skips relative ones ("yesterday"): the text does not give
 * their meaning.
 */
export function findDateMentions(text: string): DateMention[] {
  if (!/\d/.test(text)) return []
  return strict.parse(text, REFERENCE).flatMap((result) => {
    // chrono reports "within 3 days" as certain, although it counts from the reference.
    if (result.tags().has('result/relativeDate')) return []
    const { text: matched, index, start, end } = result
    const from = toMention(matched, index, start)
    const until = end ? toMention(matched, index, end) : undefined
    return [from, until].flatMap((mention) => mention ?? [])
  })
}

function toMention(matched: string, index: number, parsed: Parsed): DateMention | undefined {
  const time = readTime(matched, parsed)
  const dates = readFullDates(matched, parsed)
  const monthDay = dates.length === 0 ? readMonthDay(parsed) : undefined
  if (dates.length === 0 && monthDay === undefined && time === undefined) return undefined
  return { start: index, end: index + matched.length, dates, monthDay, time, offset: readOffset(parsed) }
}

const NUMERIC = /^(\d{1,2})([/.])(\d{1,2})\2(\d{4})\b/

function readFullDates(matched: string, parsed: Parsed): string[] {
  const [, first = '', mark, second = '', year = ''] = NUMERIC.exec(matched) ?? []
  if (mark !== undefined) {
    // With points, the day always comes first; with slashes, the order depends on the country.
    const orders =
      mark === '.'
        ? [[second, first]]
        : [
            [first, second],
            [second, first],
          ]
    const dates = orders.map(([month = '', day = '']) => toIsoDate(Number(year), Number(month), Number(day)))
    return [...new Set(dates.flatMap((date) => date ?? []))]
  }
  const isFull = parsed.isCertain('year') && parsed.isCertain('month') && parsed.isCertain('day')
  return isFull ? [toIsoDate(parsed.get('year'), parsed.get('month'), parsed.get('day')) ?? []].flat() : []
}

function readMonthDay(parsed: Parsed): string | undefined {
  if (!parsed.isCertain('month') || !parsed.isCertain('day')) return undefined
  return toIsoDate(2000, parsed.get('month'), parsed.get('day'))?.slice(5)
}

/**
 * Reads the time of day. chrono also matches "at 9", which may be a place in a list, so a plain number does
 * not count.
 */
function readTime(matched: string, parsed: Parsed): string | undefined {
  if (!parsed.isCertain('hour') || !/\d[:.h]\d{2}|\d\s?[ap]\.?m/i.test(matched)) return undefined
  return [parsed.get('hour'), parsed.get('minute'), parsed.get('second')]
    .map((part) => padTwo(part ?? 0))
    .join(':')
}

function readOffset(parsed: Parsed): string | undefined {
  const minutes = parsed.isCertain('timezoneOffset') ? parsed.get('timezoneOffset') : undefined
  if (minutes === undefined || minutes === null) return undefined
  const size = Math.abs(minutes)
  return minutes === 0
    ? 'Z'
    : `${minutes < 0 ? '-' : '+'}${padTwo(Math.floor(size / 60))}:${padTwo(size % 60)}`
}

/** Formats a date as `YYYY-MM-DD`. undefined for one that does not exist, such as 31 February. */
function toIsoDate(year: number | null, month: number | null, day: number | null): string | undefined {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return isReal ? date.toISOString().slice(0, 10) : undefined
}

function padTwo(part: number): string {
  return String(part).padStart(2, '0')
}

/** The dates of the whole document, which complete a date that lacks a part. */
export interface DateContext {
  /** All its full dates, `YYYY-MM-DD`. */
  all: ReadonlySet<string>
  /** Their year, when all share one. */
  year: string | undefined
  /** The date that a time of day belongs to. */
  date: string | undefined
}

const MAX_LINES = 2_000

/**
 * Collects the dates of a document. A time without a date belongs to the document's only date, if that comes
 * before it.
 */
export function collectDateContext(text: string): DateContext {
  const lines = text.split('\n').filter((line) => line.length < 1_000 && /\d/.test(line))
  const mentions = lines.slice(0, MAX_LINES).flatMap((line) => findDateMentions(line))
  const all = new Set(mentions.flatMap(({ dates }) => dates))
  const years = new Set([...all].map((date) => date.slice(0, 4)))
  const [date] = mentions[0]?.dates ?? []
  return { all, year: years.size === 1 ? [...years][0] : undefined, date: all.size === 1 ? date : undefined }
}

/**
 * Lists all readings of a mention as `YYYY-MM-DD`, or as `YYYY-MM-DDTHH:MM:SS` and its offset, if it has one.
 */
export function listDateReadings(
  mention: DateMention,
  kind: 'date' | 'date-time',
  context: DateContext,
): string[] {
  const { monthDay, time, offset = '' } = mention
  const completed = monthDay && context.year ? [`${context.year}-${monthDay}`] : []
  const dates = mention.dates.length > 0 ? [...mention.dates] : completed
  if (kind === 'date') return dates
  if (time === undefined) return []
  const days = dates.length > 0 || monthDay ? dates : [context.date ?? []].flat()
  return days.map((day) => `${day}T${time}${offset}`)
}
