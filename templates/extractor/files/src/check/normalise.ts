import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Leaf } from '../fields/fields.ts'
import { datesIn, readingsOf } from '../values/dates.ts'
import { bare } from './evidence.ts'

/** The one spelling that the field takes, where the value is clear: "3 March 2026", "SEV-1", "+44 20 7946 0958". Never a guess. */
export function normalised(leaf: Leaf, value: unknown): unknown {
  if (typeof value !== 'string' || (leaf.kind !== 'string' && leaf.problem(value) === undefined)) return value
  switch (leaf.kind) {
    case 'string':
      return value.replaceAll(/\s+/g, ' ').trim()
    case 'enum':
      return leaf.values.find((choice) => bare(choice) === bare(value)) ?? value
    case 'date':
    case 'date-time': {
      const nothingElse = { all: new Set<string>(), year: undefined, date: undefined }
      const [only, ...others] = datesIn(value).flatMap((date) =>
        readingsOf(date, leaf.kind === 'date' ? 'date' : 'date-time', nothingElse),
      )
      return only !== undefined && others.length === 0 ? only : value
    }
    case 'phone':
      return parsePhoneNumberFromString(value)?.number ?? value
    default:
      return value
  }
}
