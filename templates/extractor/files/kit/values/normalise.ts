import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Leaf } from '#kit/fields/field'
import { findDateMentions, listDateReadings } from '#kit/values/dates'
import { keepLetters } from './words.ts'

/**
 * Converts a value to the field's spelling where its meaning is clear: "3 March 2026", "SEV-1", "+44 20 7946
 * 0958". Never guesses.
 */
export function normaliseValue(leaf: Leaf, value: unknown): unknown {
  if (typeof value !== 'string' || (leaf.kind !== 'string' && leaf.problem(value) === undefined)) return value
  switch (leaf.kind) {
    case 'string':
      return value.replaceAll(/\s+/g, ' ').trim()
    case 'enum':
      return leaf.values.find((choice) => keepLetters(choice) === keepLetters(value)) ?? value
    case 'date':
    case 'date-time': {
      const noContext = { all: new Set<string>(), year: undefined, date: undefined, order: undefined }
      const [only, ...others] = findDateMentions(value).flatMap((date) =>
        listDateReadings(date, leaf.kind === 'date' ? 'date' : 'date-time', noContext),
      )
      return only !== undefined && others.length === 0 ? only : value
    }
    case 'phone':
      return parsePhoneNumberFromString(value)?.number ?? value
    default:
      return value
  }
}
