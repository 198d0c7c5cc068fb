import { isRecord } from '#kit/console/json'
import { keepLetters } from '#kit/values/words'

/** What became of one value. `hallucinated`: there is none in the document; `missing`: there is, and it was not found. */
export type Outcome = 'exact' | 'normalised' | 'missing' | 'wrong' | 'hallucinated'

export interface FieldScore {
  /** Without row numbers: `actionItems[].due`. */
  field: string
  outcome: Outcome
}

export interface Wanted {
  /** What a careful reader finds; whatever is not named must be null. */
  expected: unknown
  /** Fields that careful readers would fill in differently. */
  ignore: readonly string[]
  /** Other right values, by field. */
  accept: Readonly<Record<string, readonly unknown[]>>
}

/** Compares all values that either side has. Rows are compared with the row that they have most in common with. */
export function scoreFields(data: unknown, { expected, ignore, accept }: Wanted): FieldScore[] {
  const scores = compare(expected, data, '')
  const isIgnored = (field: string) =>
    ignore.some((one) => field === one || field.startsWith(`${one}.`) || field.startsWith(`${one}[`))
  return scores.flatMap(({ field, expected, found }) => {
    if (isIgnored(field)) return []
    const isOther = accept[field]?.some((other) => classifyOutcome(other, found) !== 'wrong') ?? false
    return { field, outcome: isOther ? 'normalised' : classifyOutcome(expected, found) }
  })
}

export interface Metrics {
  outcomes: Record<Outcome, number>
  /** Of the values that were given, the share that is right; null when none was given. */
  precision: number | null
  /** Of the values that are there, the share that was found; null when there is none. */
  recall: number | null
}

export function computeMetrics(scores: readonly FieldScore[]): Metrics {
  const count = (outcome: Outcome) => scores.filter((score) => score.outcome === outcome).length
  const outcomes = {
    exact: count('exact'),
    normalised: count('normalised'),
    missing: count('missing'),
    wrong: count('wrong'),
    hallucinated: count('hallucinated'),
  }
  const right = outcomes.exact + outcomes.normalised
  const share = (all: number) => (all === 0 ? null : right / all)
  return {
    outcomes,
    precision: share(right + outcomes.wrong + outcomes.hallucinated),
    recall: share(right + outcomes.wrong + outcomes.missing),
  }
}

interface Pairing {
  field: string
  expected: unknown
  found: unknown
}

function compare(expected: unknown, found: unknown, field: string): Pairing[] {
  if (Array.isArray(expected) || Array.isArray(found))
    return compareRows(toList(expected), toList(found), `${field}[]`)
  if (isRecord(expected) || isRecord(found)) {
    const [wanted, given] = [toObject(expected), toObject(found)]
    const keys = new Set([...Object.keys(wanted), ...Object.keys(given)])
    return [...keys].flatMap((key) => compare(wanted[key], given[key], field ? `${field}.${key}` : key))
  }
  return isNothing(expected) && isNothing(found) ? [] : [{ field, expected, found }]
}

function compareRows(expected: readonly unknown[], found: readonly unknown[], field: string): Pairing[] {
  const left = [...found]
  const pairings = expected.flatMap((wanted) => {
    const matches = left.map((row) => compare(wanted, row, field).filter(isRight).length)
    const best = Math.max(0, ...matches)
    const [row] = best === 0 ? [] : left.splice(matches.indexOf(best), 1)
    return compare(wanted, row, field)
  })
  return [...pairings, ...left.flatMap((row) => compare(undefined, row, field))]
}

function isRight({ expected, found }: Pairing): boolean {
  return ['exact', 'normalised'].includes(classifyOutcome(expected, found))
}

function classifyOutcome(expected: unknown, found: unknown): Outcome {
  if (isNothing(found)) return 'missing'
  if (isNothing(expected)) return 'hallucinated'
  if (expected === found) return 'exact'
  return isAlike(expected, found) ? 'normalised' : 'wrong'
}

/** The same moment, or the same words around which one says no more than a little. */
function isAlike(expected: unknown, found: unknown): boolean {
  if (typeof expected !== 'string' || typeof found !== 'string') return false
  if (/^\d{4}-\d\d-\d\dT/.test(expected)) return Date.parse(expected) === Date.parse(found)
  const [a, b] = [keepLetters(expected), keepLetters(found)].sort((one, other) => one.length - other.length)
  return a !== undefined && b !== undefined && a !== '' && b.includes(a) && a.length >= b.length * 0.6
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function toObject(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}
