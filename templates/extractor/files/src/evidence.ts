import type { Leaf } from '#kit/fields/field'
import { collectDateContext, type DateContext } from '#kit/values/dates'
import { type NumberStyle, readNumberStyle } from '#kit/values/numbers'
import {
  checkBooleanSupport,
  checkDateSupport,
  checkDateTimeSupport,
  checkNumberSupport,
  type Support,
} from '#kit/values/support'
import { foldUnit, keepDigits, keepLetters, removeMarks } from '#kit/values/words'

/** Where the document says a value: `quote` is its own text from `start` to `end`, in UTF-16 units. */
export interface Evidence {
  quote: string
  start: number
  end: number
}

/** A document to look quotes up in: folded once, searched for every value. */
export interface Source {
  text: string
  folded: Folded
  readonly dates: DateContext
  /** How its numbers are written. */
  readonly style: NumberStyle
}

export function readSource(text: string): Source {
  let dates: DateContext | undefined
  let style: NumberStyle | undefined
  return {
    text,
    folded: foldText(text),
    get dates() {
      dates ??= collectDateContext(text) // only fields that hold dates pay for it
      return dates
    },
    get style() {
      style ??= readNumberStyle(text)
      return style
    },
  }
}

/**
 * Finds the first place of a quote, word for word; line breaks, runs of spaces and kinds of quotes and dashes
 * don't count, nor do spaces around the quote. The evidence is the document's own text, from the first character
 * of the quote to its last, not what the model wrote. Undefined: the document doesn't have these words, or the
 * quote has none.
 */
export function findQuote({ text, folded }: Source, quote: string): Evidence | undefined {
  const wanted = foldText(quote).text.trim()
  const index = wanted === '' ? -1 : folded.text.indexOf(wanted)
  if (index === -1) return undefined
  const start = folded.offsets[index] ?? 0
  const end = (folded.offsets[index + wanted.length - 1] ?? 0) + 1
  return { quote: text.slice(start, end), start, end }
}

/** Text in plain spelling, with the way back: `offsets[i]` is the index in the original of `text[i]`. */
interface Folded {
  text: string
  offsets: Uint32Array
}

/**
 * Folds every unit of a text (`foldUnit`), and each run of spaces to one, and keeps where each came from. One
 * pass: a document may have millions of characters.
 */
function foldText(original: string): Folded {
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

/**
 * Whether a quote says the value. Text has to be in it word for word; numbers and dates count however they
 * are written.
 */
export function judgeSupport(leaf: Leaf, value: unknown, quote: string, source: Source): Support {
  const { kind } = leaf
  const text = String(value)
  switch (kind) {
    case 'string':
    case 'email':
    case 'url':
    case 'time':
      return foldWording(quote).includes(foldWording(text)) ? 'yes' : 'no'
    case 'phone':
      return keepDigits(quote.replace('(0)', '')).includes(keepDigits(text)) ? 'yes' : 'no'
    case 'enum':
      return keepLetters(quote).includes(keepLetters(text)) ? 'yes' : 'unclear'
    case 'number':
    case 'integer':
      return checkNumberSupport(leaf, value, quote, source.style)
    case 'boolean':
      return checkBooleanSupport(value, quote)
    case 'date':
      return checkDateSupport(text, quote, source)
    case 'date-time':
      return checkDateTimeSupport(text, quote, source)
    default:
      return kind satisfies never
  }
}

function foldWording(text: string): string {
  return foldText(removeMarks(text)).text.trim()
}
