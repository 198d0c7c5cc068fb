import { isLeaf, type ObjectField } from '#kit/fields/field'
import { collectNames, scoreLabel } from './labels.ts'
import type { Span } from './spans.ts'
import type { Scope } from './statements.ts'

const MIN_FIT = 0.9

/**
 * Finds the blocks of a document that begin with the same label, such as "Order number:" above the items of each order.
 * The label names a field of the object; where several repeat, the first in the text begins the blocks. Empty when none
 * repeats.
 */
export function findBlocks({ fields }: ObjectField, { outline }: Scope): Span[] {
  const leaves = fields.filter(isLeaf).map((leaf) => collectNames(leaf))
  const starts = leaves.map((names) =>
    outline.pairs
      .filter(({ label, isProse }) => !isProse && scoreLabel(names, label) >= MIN_FIT)
      .map(({ value }) => outline.text.lastIndexOf('\n', value.start) + 1),
  )
  const repeated = starts.filter((places) => places.length > 1)
  const [first = []] = repeated.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
  return first.map((start, index) => ({ start, end: first[index + 1] ?? outline.text.length }))
}
