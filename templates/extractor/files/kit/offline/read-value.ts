import { findPhoneNumbersInText } from 'libphonenumber-js/min'
import type { Leaf } from '#kit/fields/field'
import { findDateMentions, listDateReadings } from '#kit/values/dates'
import { findNumberMentions, findTimeUnit } from '#kit/values/numbers'
import { keepLetters, readBoolean } from '#kit/values/words'
import type { ValueContext } from './context.ts'
import type { Span } from './spans.ts'

/** A value and its span in the document. */
export interface Found extends Span {
  value: string | number | boolean
  /** What the same words can mean as well: 03/04/2026 is a day in March or in April. */
  others?: readonly Found['value'][]
}

const NOTHING =
  /^(?:n\/?a|none|nil|null|unknown|tbd|tbc|pending|not (?:yet )?(?:known|set|assigned)|[-–—?.]+|)$/i
const EMAIL =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,6}\.\p{L}{2,24}/gu
const URL_PATTERN = /https?:\/\/[^\s<>"'`|)\]}]+[^\s<>"'`|)\]}.,;:!?]/g
const MAX_STRING = 300 // characters: longer is a text, not a value

/**
 * Reads every value of the leaf's kind in a span. Skips values that the kind does not allow; one that can be read in
 * two ways has both.
 */
export function readSpanValues(leaf: Leaf, text: string, span: Span, context: ValueContext): Found[] {
  const part = text.slice(span.start, span.end)
  const at = (value: Found['value'], start: number, end: number): Found => {
    return { value, start: span.start + start, end: span.start + end }
  }
  return matchKind(leaf, part, at, context).filter(({ value }) => leaf.problem(value) === undefined)
}

type At = (value: Found['value'], start: number, end: number) => Found

function matchKind(leaf: Leaf, part: string, at: At, context: ValueContext): Found[] {
  const { kind } = leaf
  const matches = (pattern: RegExp) =>
    [...part.matchAll(pattern)].map(({ 0: match, index }) => at(match, index, index + match.length))
  switch (kind) {
    case 'string':
      return NOTHING.test(part.trim()) || part.length > MAX_STRING
        ? []
        : [at(stripMarkdown(part), 0, part.length)]
    case 'email':
      return matches(EMAIL)
    case 'url':
      return matches(URL_PATTERN)
    case 'phone':
      // Only numbers with a country code: without one, any ten digits would match.
      return findPhoneNumbersInText(part).map(({ number, startsAt, endsAt }) =>
        at(number.number, startsAt, endsAt),
      )
    case 'number':
    case 'integer':
      return matchNumbers(leaf, part, at, context)
    case 'boolean': {
      const value = readBoolean(part)
      return value === undefined ? [] : [at(value, 0, part.length)]
    }
    case 'enum':
      return matchChoices(leaf, part, at)
    case 'time':
      return matches(/(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])/g)
    case 'date':
    case 'date-time':
      return matchDates(kind, part, at, context)
    default:
      return kind satisfies never
  }
}

/** "On 12 October the queue stopped at 13:20": a time belongs to the date before it. */
function matchDates(kind: 'date' | 'date-time', part: string, at: At, context: ValueContext): Found[] {
  let { date } = context
  return findDateMentions(part, context.order).flatMap((mention) => {
    const days = listDateReadings(mention, 'date', context)
    if (days.length > 0) date = days.length === 1 ? days[0] : undefined
    const [first, ...others] = listDateReadings(mention, kind, { ...context, date })
    return first === undefined ? [] : [{ ...at(first, mention.start, mention.end), others }]
  })
}

/** Takes, for each number, the readings that the field allows; dates and times are not numbers. */
function matchNumbers(leaf: Leaf, part: string, at: At, { order, style }: ValueContext): Found[] {
  const { name, description } = leaf
  const dates = findDateMentions(part, order)
  const isInDate = (index: number) => dates.some(({ start, end }) => index >= start && index < end)
  const isShare = /percent|rate|ratio|share|%/i.test(`${name} ${description}`)
  const unit = findTimeUnit(`${name} ${description}`)
  return findNumberMentions(part, { unit, style }).flatMap(({ start, end, readings }) => {
    if (!isShare && /^\s?%/.test(part.slice(end, end + 2))) return []
    // "12.480" is no number of people with the point in it.
    const values = readings.filter((reading) => leaf.problem(reading) === undefined)
    return isInDate(start) ? [] : values.map((value) => at(value, start, end))
  })
}

/**
 * Matches choices as whole words in any spelling: `in_progress` for "In progress". Codes such as EUR must
 * match exactly.
 */
function matchChoices({ values }: Leaf, part: string, at: At): Found[] {
  const flags = values.every(isCode) ? 'gu' : 'giu'
  return values.flatMap((value) => {
    const letters = [...keepLetters(value)].join('[\\s_-]?')
    const pattern = isCode(value) ? value : letters
    const word = new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, flags)
    return [...part.matchAll(word)].map(({ 0: match, index }) => at(value, index, index + match.length))
  })
}

/** A code such as EUR does not occur by chance. */
export function isCode(value: string): boolean {
  return /^[A-Z]{2,}$/.test(value)
}

function stripMarkdown(text: string): string {
  return text
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[*`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
