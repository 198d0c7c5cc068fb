import type { Leaf } from '#kit/fields/field'
import { type Names, stemTerms } from './labels.ts'
import type { Found } from './read-value.ts'

const RANGE = /^\s?(?:\p{Lu}{3}|[€$£%])?\s?(?:to|until|till|through|and|[-–—])\s(?:\p{Lu}{3}\s?|[€$£]\s?)?$/u
const LOWER = [...stemTerms('min minimum least lower start starting begin began earliest'), 'from']
const UPPER = [...stemTerms('max maximum most upper end until latest'), 'to']

/**
 * Keeps, of a range such as "62,000 to 78,000 EUR", the end that the field is named after: `salaryMin`,
 * `stayTo`. Other values are kept.
 */
export function keepNamedEnds(leaf: Leaf, names: Names, values: readonly Found[], text: string): Found[] {
  const end = findNamedEnd(leaf, names)
  return values.filter((value, index) => {
    const [before, after] = [values[index - 1], values[index + 1]]
    const isUpper = before !== undefined && isRange(before, value, text)
    const isLower = after !== undefined && isRange(value, after, text)
    return end === undefined || isUpper === isLower || (end === 'upper') === isUpper
  })
}

function findNamedEnd({ name }: Leaf, names: Names): 'lower' | 'upper' | undefined {
  // "From" and "to" count only as whole words or at the end of a name.
  const [, last = ''] = /(From|To)$/.exec(name) ?? []
  const isNamed = (term: string) => names.all.has(term) || term === last.toLowerCase()
  const [isLower, isUpper] = [LOWER.some(isNamed), UPPER.some(isNamed)]
  if (isLower === isUpper) return undefined
  return isLower ? 'lower' : 'upper'
}

/** The two dates of "3 to 9 March 2027" are one mention. */
function isRange(lower: Found, upper: Found, text: string): boolean {
  return lower.start === upper.start || RANGE.test(text.slice(lower.end, upper.start))
}
