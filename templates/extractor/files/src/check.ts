import type { JSONValue } from '@ai-sdk/provider'
import { isRecord } from '#kit/console/json'
import { type ArrayField, type Field, isLeaf, type Leaf, type ObjectField } from '#kit/fields/field'
import { normaliseValue } from '#kit/values/normalise'
import { type Evidence, findQuote, judgeSupport, type Source } from './evidence.ts'

/** Why a value is null, or needs a person to look at it. */
export interface Issue {
  /** `actionItems.0.due` */
  path: string
  code:
    | 'malformed' // the answer has another shape than the request asked for
    | 'invalid' // not a value of the field's type: 31 February, "12,5", 1e400
    | 'quote-not-found' // the document doesn't have the quote
    | 'unsupported' // the document has the quote, but the quote doesn't say the value
    | 'ambiguous' // the document gives two different values
    | 'unclear' // kept, but only a reader can tell whether the quote means it
    | 'missing' // the schema requires it
  message: string
}

export interface Checked {
  data: JSONValue
  /** By the path of each value that is not null. */
  evidence: Record<string, Evidence>
  issues: Issue[]
}

/** Far more than a document lists, and far less than a model that repeats itself. */
const MAX_ROWS = 500

/**
 * Turns an answer of the shape that `buildRequestSchema` asks for into data of your schema. It reads the
 * schema's own keys only. It keeps a value that has the field's type and whose quote is in the document and
 * says it; any other value becomes null, with an issue. Never throws.
 */
export function checkAnswer(root: ObjectField, answer: unknown, source: Source): Checked {
  return checkObject(root, answer, '', source)
}

function checkField(field: Field, answer: unknown, path: string, source: Source): Checked {
  switch (field.kind) {
    case 'object':
      return checkObject(field, answer, path, source)
    case 'array':
      return checkRows(field, answer, path, source)
    default:
      return checkLeaf(field, answer, path, source)
  }
}

function checkObject(field: ObjectField, answer: unknown, path: string, source: Source): Checked {
  if (answer === null && field.nullable) return { data: null, evidence: {}, issues: [] }
  const record = isRecord(answer) ? answer : {}
  const malformed =
    record === answer ? [] : reject(path, 'malformed', `expected an object, not ${show(answer)}`).issues
  const children = field.fields.map((child) => {
    const value = Object.hasOwn(record, child.name) ? record[child.name] : undefined
    return { child, checked: checkField(child, value, path ? `${path}.${child.name}` : child.name, source) }
  })
  const data = Object.fromEntries(children.map(({ child, checked }) => [child.name, checked.data]))
  const issues = [...malformed, ...children.flatMap(({ checked }) => checked.issues)]
  if (field.nullable && findLacking(field, data) !== undefined) {
    // Without a value that it requires, a nullable object is null as a whole.
    return { data: null, evidence: {}, issues: issues.filter(({ code }) => code !== 'missing') }
  }
  return { data, evidence: Object.assign({}, ...children.map(({ checked }) => checked.evidence)), issues }
}

/** Leaves out rows that are empty or lack a value that the schema requires. */
function checkRows({ item }: ArrayField, answer: unknown, path: string, source: Source): Checked {
  if (!Array.isArray(answer)) return reject(path, 'malformed', `expected a list, not ${show(answer)}`, [])
  const rows: JSONValue[] = []
  const evidence: Checked['evidence'] = {}
  const issues: Issue[] = []
  for (const entry of answer.slice(0, MAX_ROWS)) {
    const rowPath = `${path}.${rows.length}`
    const row = isLeaf(item)
      ? checkEntry(item, entry, rowPath, source)
      : checkField(item, entry, rowPath, source)
    const lacking = findLacking(item, row.data)
    issues.push(...row.issues)
    if (lacking === undefined) {
      rows.push(row.data)
      Object.assign(evidence, row.evidence)
    } else if (lacking !== '') {
      issues.push({ path: rowPath, code: 'missing', message: `the row has no ${lacking} and is left out` })
    }
  }
  return { data: rows, evidence, issues }
}

/**
 * One value from a list of entries: none means null, and two different ones mean that the document
 * contradicts itself.
 */
function checkLeaf(leaf: Leaf, answer: unknown, path: string, source: Source): Checked {
  const absent = reportAbsent(leaf, path)
  if (!Array.isArray(answer)) {
    const { data, evidence, issues } = reject(
      path,
      'malformed',
      `expected a list of { quote, value }, not ${show(answer)}`,
    )
    return { data, evidence, issues: [...issues, ...absent] }
  }
  const entries = answer.slice(0, MAX_ROWS).map((entry) => checkEntry(leaf, entry, path, source))
  const values = new Set(entries.flatMap(({ data }) => (data === null ? [] : [data])))
  if (values.size > 1) {
    const { data, evidence, issues } = reject(path, 'ambiguous', `the document gives ${listSome(values)}`)
    return { data, evidence, issues: [...issues, ...absent] }
  }
  const issues = entries.flatMap((entry) => entry.issues)
  const found = entries.find(({ data }) => data !== null)
  return found ? { ...found, issues } : { data: null, evidence: {}, issues: [...issues, ...absent] }
}

/** One `{ quote, value }`: type first, then the quote, then whether the quote says the value. */
function checkEntry(leaf: Leaf, entry: unknown, path: string, source: Source): Checked {
  if (!isRecord(entry) || !Object.hasOwn(entry, 'value') || typeof entry['quote'] !== 'string') {
    return reject(path, 'malformed', `expected { quote, value }, not ${show(entry)}`)
  }
  const value = normaliseValue(leaf, entry['value'])
  if (value === null || value === '') return { data: null, evidence: {}, issues: [] } // some models say "nothing" like this
  const problem = leaf.problem(value)
  if (problem !== undefined || !isScalar(value)) {
    return reject(path, 'invalid', `${show(entry['value'])}: ${problem ?? 'not a single value'}`)
  }
  const evidence = findQuote(source, entry['quote'])
  if (evidence === undefined) {
    return reject(path, 'quote-not-found', `not in the document: ${show(entry['quote'])}`)
  }
  const support = judgeSupport(leaf, value, evidence.quote, source)
  if (support === 'no') {
    return reject(path, 'unsupported', `${show(value)} is not what ${show(evidence.quote)} says`)
  }
  const message = `${show(value)}: only a reader can tell whether ${show(evidence.quote)} means it`
  const issues: Issue[] = support === 'unclear' ? [{ path, code: 'unclear', message }] : []
  return { data: value, evidence: { [path]: evidence }, issues }
}

function reject(path: string, code: Issue['code'], message: string, data: JSONValue = null): Checked {
  return { data, evidence: {}, issues: [{ path, code, message }] }
}

/** Inside a row the row itself reports what it lacks. */
function reportAbsent({ nullable }: Leaf, path: string): Issue[] {
  const isInRow = /\.\d+\./.test(`${path}.`)
  return nullable || isInRow ? [] : [{ path, code: 'missing', message: 'the schema requires it' }]
}

/** What a row lacks: the name of a required value, '' for every value; undefined when it is complete. */
function findLacking(field: Field, value: unknown): string | undefined {
  return isEmpty(value) ? '' : findRequired(field, value)
}

function findRequired(field: Field, value: unknown): string | undefined {
  if (isLeaf(field)) return value === null && !field.nullable ? field.name : undefined
  if (field.kind === 'array' || !isRecord(value)) return undefined
  const missing = field.fields.map((child) => findRequired(child, value[child.name]))
  return missing.find((name) => name !== undefined)
}

function isEmpty(value: unknown): boolean {
  if (value === null) return true
  return typeof value === 'object' && Object.values(value).every(isEmpty)
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function listSome(values: ReadonlySet<unknown>): string {
  const more = values.size - 3
  return [...values].slice(0, 3).map(show).join(' or ') + (more > 0 ? `, and ${more} more` : '')
}

/** For a message: one short line. JSON has no Infinity, which is how 1e400 is read. */
function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing')
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
