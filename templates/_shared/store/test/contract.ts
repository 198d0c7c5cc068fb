import { describe } from 'vitest'
import { describeChanges } from './contract-changes.ts'
import { describeStrangeInput } from './contract-input.ts'
import { describeFilters, describeLexical, describeNearest } from './contract-search.ts'
import { type Open, PATIENT } from './samples.ts'

/**
 * Tests that every store must pass, whatever its database. `open` returns an empty store for vectors of
 * `EMBEDDING`; the tests do not close it. `vectors: false` leaves out what a database without a vector type
 * can't do.
 */
export function describeStore(
  name: string,
  open: Open,
  { vectors = true }: { vectors?: boolean } = {},
): void {
  describe(name, PATIENT, () => {
    describeChanges(open)
    describeLexical(open)
    describeFilters(open, vectors)
    describeStrangeInput(open)
    if (vectors) describeNearest(open)
  })
}
