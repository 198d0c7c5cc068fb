import { z } from 'zod'
import { defineGrader, fail, pass, quote, readLabel } from '#kit/graders/grader'
import { type Json, parseJsonAnswer } from '#kit/graders/json-answer'

const fields = z.union([z.record(z.string(), z.json()), z.array(z.json()).min(1)])

/**
 * The answer is JSON with the expected fields, compared one by one. Extra fields count as wrong unless
 * `extra` allows them. Score: the share of right fields.
 */
export const jsonFields = defineGrader(
  'json-fields',
  {
    expected: fields.optional(),
    ignore: z.array(z.string()).default([]),
    /** How far a number may be off. */
    tolerance: z.number().min(0).default(0),
    extra: z.boolean().default(false),
    atLeast: z.number().gt(0).max(1).default(1),
  },
  ({ expected, ignore, tolerance, extra, atLeast }, attempt) => {
    const answer = parseJsonAnswer(attempt.text)
    if ('problem' in answer) return fail(answer.problem)
    const isCompared = ([path]: readonly [string, Json]) => !ignore.includes(path)
    const wanted = new Map(listLeafPaths(readLabel(expected, attempt, fields)).filter(isCompared))
    const found = new Map(listLeafPaths(answer.value).filter(isCompared))
    if (wanted.size === 0) throw new Error('json-fields: no field is left to compare')
    const differences = listFieldDifferences(wanted, found, { tolerance, extra })
    const compared = wanted.size + differences.filter(({ kind }) => kind === 'extra').length
    const score = (compared - differences.length) / compared
    const right = `${compared - differences.length} of ${compared} fields right`
    if (differences.length === 0) return pass(right)
    const reason = `${right}: ${differences
      .slice(0, 3)
      .map(({ text }) => text)
      .join('; ')}`
    return score >= atLeast ? pass(reason, score) : fail(reason, score)
  },
)

interface Difference {
  kind: 'wrong' | 'extra'
  text: string
}

function listFieldDifferences(
  wanted: ReadonlyMap<string, Json>,
  found: ReadonlyMap<string, Json>,
  { tolerance, extra }: { tolerance: number; extra: boolean },
): Difference[] {
  const wrong = [...wanted].flatMap(([path, want]): Difference[] => {
    const got = found.get(path)
    if (got !== undefined && isEqualValue(want, got, tolerance)) return []
    const instead = got === undefined ? 'missing' : formatValue(got)
    return [{ kind: 'wrong', text: `${path}: ${instead}, wanted ${formatValue(want)}` }]
  })
  if (extra) return wrong
  const more = [...found.keys()].filter((path) => !wanted.has(path))
  return [...wrong, ...more.map((path): Difference => ({ kind: 'extra', text: `${path}: not wanted` }))]
}

/**
 * Paths to the values that are neither objects nor lists, such as `items[0].price`. An empty object or list
 * is a leaf too.
 */
function listLeafPaths(value: Json, path = ''): [string, Json][] {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item, index) => listLeafPaths(item, `${path}[${index}]`))
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([key, item]) =>
      listLeafPaths(item, path === '' ? key : `${path}.${key}`),
    )
  return [[path === '' ? '(whole)' : path, value]]
}

function isEqualValue(want: Json, got: Json, tolerance: number): boolean {
  if (typeof want === 'number' && typeof got === 'number') return Math.abs(want - got) <= tolerance
  if (typeof want === 'string' && typeof got === 'string') return want.trim() === got.trim()
  return JSON.stringify(want) === JSON.stringify(got)
}

function formatValue(value: Json): string {
  return typeof value === 'string' ? quote(value, 40) : (JSON.stringify(value) ?? '').slice(0, 40)
}
