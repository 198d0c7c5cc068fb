import { describe } from 'vitest'
import { describeChanges } from './contract-changes.ts'
import { describeStrangeInput } from './contract-input.ts'
import { describeFilters, describeLexical, describeNearest } from './contract-search.ts'
import { type Open, PATIENT } from './samples.ts'

/**
 * What every store does, whatever is behind it. `open` gives an empty one for vectors of `EMBEDDING`; it is not closed here. `vectors: false` leaves out
 * what a database without a vector type cannot do.
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
