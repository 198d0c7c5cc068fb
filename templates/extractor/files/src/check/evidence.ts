import type { Leaf } from '../fields/fields.ts'
import { type DateContext, dateContext, datesIn, readingsOf } from '../values/dates.ts'
import { numbersIn, unitOf } from '../values/numbers.ts'

/** Where a value stands in the document. `quote` is the document's own text from `start` to `end` (UTF-16 units). */
export interface Evidence {
  quote: string
  start: number
  end: number
}

/** A document that quotes are looked up in. */
export class Source {
  readonly text: string
  readonly #folded: Folded
  #context: DateContext | undefined

  constructor(text: string) {
    this.text = text
    this.#folded = foldWithOffsets(text)
  }

  /** The first place where the quote stands, word for word; line breaks, other spaces and kinds of quotes and dashes aside. */
  find(quote: string): Evidence | undefined {
    const wanted = foldWithOffsets(quote).text.trim()
    const index = wanted === '' ? -1 : this.#folded.text.indexOf(wanted)
    if (index === -1) return undefined
    const start = this.#folded.offsets[index] ?? 0
    const end = (this.#folded.offsets[index + wanted.length - 1] ?? 0) + 1
    return { quote: this.text.slice(start, end), start, end }
  }

  get dates(): DateContext {
    this.#context ??= dateContext(this.text)
    return this.#context
  }
}

interface Folded {
  text: string
  /** Index in the original of each UTF-16 unit of `text`. */
  offsets: Uint32Array
}

/** One pass, since a document may have millions of characters. */
function foldWithOffsets(original: string): Folded {
  const units: string[] = []
  const offsets = new Uint32Array(original.length)
  for (let index = 0; index < original.length; index++) {
    const unit = foldUnit(original[index] ?? '')
    if (unit === '' || (unit === ' ' && units.at(-1) === ' ')) continue
    offsets[units.length] = index
    units.push(unit)
  }
  return { text: units.join(''), offsets }
}

function foldUnit(unit: string): string {
  if (unit > ' ' && unit < '\u007f') return unit
  if (/\s/.test(unit)) return ' '
  return FOLDS[unit] ?? unit
}

const FOLDS: Readonly<Record<string, string>> = Object.fromEntries([
  ...[...'‘’‚‛'].map((unit) => [unit, "'"]),
  ...[...'“”„‟«»'].map((unit) => [unit, '"']),
  ...[...'‐‑‒–—―−'].map((unit) => [unit, '-']),
  ...[...'\u200b\ufeff\u00ad'].map((unit) => [unit, '']),
])

/** `unclear`: the quote stands there, but whether it means this value takes a reader. */
export type Support = 'yes' | 'unclear' | 'no'

/** Whether the quote says the value. Numbers, dates and strings have to stand in it, however they are written. */
export function supports(leaf: Leaf, value: unknown, quote: string, source: Source): Support {
  const { kind } = leaf
  switch (kind) {
    case 'string':
    case 'email':
    case 'url':
    case 'time':
      return plain(quote).includes(plain(String(value))) ? 'yes' : 'no'
    case 'phone':
      return digits(quote.replace('(0)', '')).includes(digits(String(value))) ? 'yes' : 'no'
    case 'number':
    case 'integer':
      return saysNumber(leaf, value, quote) ? 'yes' : 'no'
    case 'enum':
      return bare(quote).includes(bare(String(value))) ? 'yes' : 'unclear'
    case 'boolean':
      return /\b(?:yes|no|true|false)\b|\[[ x]\]/i.test(quote) && readBoolean(quote) === value
        ? 'yes'
        : 'unclear'
    case 'date':
      return saysDate(String(value), quote, source)
    case 'date-time':
      return saysDateTime(String(value), quote, source)
    default:
      return kind satisfies never
  }
}

function saysNumber({ name, description }: Leaf, value: unknown, quote: string): boolean {
  const mentions = numbersIn(quote, unitOf(`${name} ${description}`))
  return mentions.some(({ readings }) => readings.some((reading) => reading === value))
}

function saysDate(value: string, quote: string, source: Source): Support {
  const mentions = datesIn(quote)
  const readings = mentions.flatMap((mention) => readingsOf(mention, 'date', source.dates))
  if (readings.includes(value)) return new Set(readings).size > 1 && mentions.length === 1 ? 'unclear' : 'yes'
  // The day and month of the quote, and a year that stands elsewhere among others.
  const isDay = mentions.some(({ monthDay }) => monthDay === value.slice(5))
  return isDay && source.text.includes(value.slice(0, 4)) ? 'unclear' : 'no'
}

function saysDateTime(value: string, quote: string, source: Source): Support {
  const readings = datesIn(quote).flatMap((mention) => readingsOf(mention, 'date-time', source.dates))
  if (readings.some((reading) => instant(reading) === instant(value))) return 'yes'
  const time = value.slice(11, 16)
  const isTime = datesIn(quote).some((mention) => mention.time?.startsWith(time))
  const date = saysDate(value.slice(0, 10), quote, source)
  const isElsewhere = source.dates.all.has(value.slice(0, 10))
  return isTime && (date !== 'no' || isElsewhere) ? 'unclear' : 'no'
}

/** Comparable, and the same for `+00:00` and `Z`. Without a time zone it stays what it is: a local time. */
function instant(value: string): string {
  if (!/(?:Z|[+-]\d{2}:\d{2})$/.test(value)) return `${value}:00`.slice(0, 19)
  return Number.isNaN(Date.parse(value)) ? value : new Date(value).toISOString()
}

/** What a short answer to a yes-or-no question says. */
export function readBoolean(text: string): boolean | undefined {
  const start = text
    .toLowerCase()
    .replace(/^.*[:=|]\s*(?=\S)/s, '')
    .trim()
  if (/^(?:yes|y|true|confirmed|\[x\]|✓|✔|✅)(?![\p{L}\p{N}])/u.test(start)) return true
  return /^(?:no|none|n|false|\[ \]|✗|✘|❌)(?![\p{L}\p{N}])/u.test(start) ? false : undefined
}

/** For comparing wording: letter case, Markdown marks, spaces and kinds of quotes and dashes do not count. */
export function plain(text: string): string {
  const unmarked = text.replaceAll(/\[([^\]]{1,300})\]\([^)]{0,1000}\)/g, '$1').replaceAll(/[*`_]/g, '')
  return foldWithOffsets(unmarked.normalize('NFKC').toLowerCase()).text.trim()
}

/** For comparing choices: "SEV-1" is `sev1`, "In progress" is `in_progress`. */
export function bare(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

function digits(text: string): string {
  return text.replaceAll(/\D/g, '')
}
