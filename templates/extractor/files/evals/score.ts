import { isRecord } from '#kit/console/json'
import { keepLetters } from '#kit/values/words'

/**
 * The outcome of one value. `hallucinated`: the document has no such value; `missing`: it has one that was
 * not found.
 */
export type ScoreOutcome = 'exact' | 'normalised' | 'missing' | 'wrong' | 'hallucinated'

export interface FieldScore {
  /** Without row numbers: `actionItems[].due`. */
  field: string
  outcome: ScoreOutcome
}

export interface Wanted {
  /** The values a careful reader finds; every other value must be null. */
  expected: unknown
  /** Fields that careful readers would fill in differently. */
  ignore: readonly string[]
  /** Other right values, by field. */
  accept: Readonly<Record<string, readonly unknown[]>>
}

/** Compares all values of both sides. A row is compared with the row that it shares most values with. */
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
  outcomes: Record<ScoreOutcome, number>
  /** The share of given values that are right; null when none was given. */
  precision: number | null
  /** The share of expected values that were found; null when none is expected. */
  recall: number | null
}

export function computeMetrics(scores: readonly FieldScore[]): Metrics {
  const count = (outcome: ScoreOutcome) => scores.filter((score) => score.outcome === outcome).length
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

function classifyOutcome(expected: unknown, found: unknown): ScoreOutcome {
  if (isNothing(found)) return 'missing'
  if (isNothing(expected)) return 'hallucinated'
  if (expected === found) return 'exact'
  return isAlike(expected, found) ? 'normalised' : 'wrong'
}

/** Checks for the same moment, or for texts of which the shorter is most of the longer. */
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
