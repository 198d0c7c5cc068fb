import type { Leaf } from '#kit/fields/field'
import { type DateContext, findDateMentions, listDateReadings } from '#kit/values/dates'
import { findNumberMentions, findTimeUnit, type NumberStyle } from '#kit/values/numbers'
import { readBoolean } from './words.ts'

/** `unclear`: the quote is in the document, but only a reader can tell whether it means this value. */
export type Support = 'yes' | 'unclear' | 'no'

/**
 * Checks whether the quote has this number in any spelling; `style` is that of the document. Durations are
 * converted to the unit of the field.
 */
export function checkNumberSupport(
  { name, description }: Leaf,
  value: unknown,
  quote: string,
  style: NumberStyle,
): Support {
  const mentions = findNumberMentions(quote, { unit: findTimeUnit(`${name} ${description}`), style })
  return mentions.some(({ readings }) => readings.some((reading) => reading === value)) ? 'yes' : 'no'
}

export function checkBooleanSupport(value: unknown, quote: string): Support {
  const isPlain = /\b(?:yes|no|true|false)\b|\[[ x]\]/i.test(quote)
  return isPlain && readBoolean(quote) === value ? 'yes' : 'unclear'
}

/** A document with its dates, which can complete each other. */
interface Dated {
  text: string
  dates: DateContext
}

/** Checks whether the quote has this date (`YYYY-MM-DD`) in any spelling. */
export function checkDateSupport(value: string, quote: string, source: Dated): Support {
  const mentions = findDateMentions(quote, source.dates.order)
  const readings = mentions.flatMap((mention) => listDateReadings(mention, 'date', source.dates))
  if (readings.includes(value)) return new Set(readings).size > 1 && mentions.length === 1 ? 'unclear' : 'yes'
  // The quote has day and month; the year is elsewhere in the document, among others.
  const isDay = mentions.some(({ monthDays }) => monthDays.includes(value.slice(5)))
  return isDay && source.text.includes(value.slice(0, 4)) ? 'unclear' : 'no'
}

/** Checks whether the quote has this moment (`YYYY-MM-DDTHH:MM:SS` and an offset) in any spelling. */
export function checkDateTimeSupport(value: string, quote: string, source: Dated): Support {
  const readings = findDateMentions(quote, source.dates.order).flatMap((mention) =>
    listDateReadings(mention, 'date-time', source.dates),
  )
  if (readings.some((reading) => toInstant(reading) === toInstant(value))) return 'yes'
  const time = value.slice(11, 16)
  const isTime = findDateMentions(quote, source.dates.order).some((mention) => mention.time?.startsWith(time))
  const date = checkDateSupport(value.slice(0, 10), quote, source)
  const isElsewhere = source.dates.all.has(value.slice(0, 10))
  return isTime && (date !== 'no' || isElsewhere) ? 'unclear' : 'no'
}

/**
 * Converts a time to a comparable form, the same for `+00:00` and `Z`. A local time without a time zone stays
 * one.
 */
function toInstant(value: string): string {
  if (!/(?:Z|[+-]\d{2}:\d{2})$/.test(value)) return `${value}:00`.slice(0, 19)
  return Number.isNaN(Date.parse(value)) ? value : new Date(value).toISOString()
}
