import type { JSONValue } from '@ai-sdk/provider'
import { isRecord } from '#kit/console/json'
import { type ArrayField, type Field, isLeaf, type Leaf, type ObjectField } from '../fields/fields.ts'
import { type Evidence, type Source, supports } from './evidence.ts'
import { lacks } from './missing.ts'
import { normalised } from './normalise.ts'

/** What became of one value that the document, or the model, did not settle. */
export interface Issue {
  /** `actionItems.0.due` */
  path: string
  code:
    | 'malformed' // the answer has another shape than it was asked for
    | 'invalid' // not a value of the field's type: 31 February, "12,5", 1e400
    | 'quote-not-found' // the quote does not stand in the document
    | 'unsupported' // it does, and does not say the value
    | 'ambiguous' // the document gives two different values
    | 'unclear' // kept, but no code can tell whether the quote means it: for a person to look at
    | 'missing' // the schema requires it
  message: string
}

export interface Checked {
  data: JSONValue
  evidence: Record<string, Evidence>
  issues: Issue[]
}

/** Far more than a document lists, and far less than a model that repeats itself. */
const MAX_ROWS = 500

/**
 * Turns an answer in the shape of `wireSchema` into data of the learner's schema. Only keys of the schema are read. A value stays if it is of
 * its type and its quote stands in the document and says it; otherwise it is null, and an issue says why. Never throws.
 */
export function checkAnswer(root: ObjectField, answer: unknown, source: Source): Checked {
  const checker = new Checker(source)
  const data = checker.object(root, answer, '')
  return { data, evidence: checker.evidence, issues: checker.issues }
}

class Checker {
  readonly evidence: Record<string, Evidence> = {}
  readonly issues: Issue[] = []
  readonly #source: Source

  constructor(source: Source) {
    this.#source = source
  }

  object({ fields }: ObjectField, answer: unknown, path: string): JSONValue {
    if (!isRecord(answer)) this.#report(path, 'malformed', `an object was asked for, not ${shown(answer)}`)
    const record = isRecord(answer) ? answer : {}
    return Object.fromEntries(
      fields.map((field) => {
        const value = Object.hasOwn(record, field.name) ? record[field.name] : undefined
        return [field.name, this.#field(field, value, path ? `${path}.${field.name}` : field.name)]
      }),
    )
  }

  #field(field: Field, answer: unknown, path: string): JSONValue {
    switch (field.kind) {
      case 'object':
        return field.nullable ? this.#nullable(field, answer, path) : this.object(field, answer, path)
      case 'array':
        return this.#rows(field, answer, path)
      default:
        return this.#single(field, answer, path)
    }
  }

  /** An object that may be missing is, when something that it requires is. */
  #nullable(field: ObjectField, answer: unknown, path: string): JSONValue {
    if (answer === null) return null
    const before = this.issues.length
    const data = this.object(field, answer, path)
    if (lacks(field, data) === undefined) return data
    const kept = this.issues.splice(before).filter(({ code }) => code !== 'missing')
    this.issues.push(...kept)
    this.#forget(path)
    return null
  }

  /** Rows that have nothing in them, or lack what the schema requires, are left out. */
  #rows({ item }: ArrayField, answer: unknown, path: string): JSONValue[] {
    if (!Array.isArray(answer)) {
      this.#report(path, 'malformed', `a list was asked for, not ${shown(answer)}`)
      return []
    }
    const rows: JSONValue[] = []
    for (const entry of answer.slice(0, MAX_ROWS)) {
      const rowPath = `${path}.${rows.length}`
      const row = isLeaf(item) ? this.#entry(item, entry, rowPath) : this.#field(item, entry, rowPath)
      const lacking = lacks(item, row)
      if (lacking === undefined) rows.push(row)
      else this.#drop(rowPath, lacking)
    }
    return rows
  }

  #forget(parent: string): void {
    for (const path of Object.keys(this.evidence)) {
      if (path === parent || path.startsWith(`${parent}.`)) delete this.evidence[path]
    }
  }

  #drop(rowPath: string, lacking: string): void {
    this.#forget(rowPath)
    if (lacking !== '') this.#report(rowPath, 'missing', `the row has no ${lacking} and is left out`)
  }

  #single(leaf: Leaf, answer: unknown, path: string): JSONValue {
    if (!Array.isArray(answer)) {
      this.#report(path, 'malformed', `a list of { quote, value } was asked for, not ${shown(answer)}`)
      return this.#absent(leaf, path)
    }
    const before = this.issues.length
    const accepted = answer.slice(0, MAX_ROWS).flatMap((entry) => {
      const value = this.#entry(leaf, entry, path)
      return value === null ? [] : [{ value, evidence: this.evidence[path] }]
    })
    delete this.evidence[path]
    const [first, ...others] = accepted
    if (first === undefined) return this.#absent(leaf, path)
    if (others.some(({ value }) => value !== first.value)) {
      const values = listed(new Set(accepted.map(({ value }) => shown(value))))
      this.issues.splice(before)
      this.#report(path, 'ambiguous', `the document gives ${values}`)
      return this.#absent(leaf, path)
    }
    if (first.evidence) this.evidence[path] = first.evidence
    return first.value
  }

  /** One `{ quote, value }`: the value if it can be trusted, else null and an issue. */
  #entry(leaf: Leaf, entry: unknown, path: string): JSONValue {
    if (!isRecord(entry) || !Object.hasOwn(entry, 'value') || typeof entry['quote'] !== 'string') {
      return this.#reject(path, 'malformed', `{ quote, value } was asked for, not ${shown(entry)}`)
    }
    const value = normalised(leaf, entry['value'])
    if (value === null || value === '') return null // a model's way to say that there is none
    const problem = leaf.problem(value)
    if (problem !== undefined || !isScalar(value)) {
      return this.#reject(path, 'invalid', `${shown(entry['value'])}: ${problem ?? 'not a single value'}`)
    }
    const evidence = this.#source.find(entry['quote'])
    if (evidence === undefined) {
      return this.#reject(path, 'quote-not-found', `not in the document: ${shown(entry['quote'])}`)
    }
    const support = supports(leaf, value, evidence.quote, this.#source)
    if (support === 'no') {
      return this.#reject(path, 'unsupported', `${shown(value)} is not what ${shown(evidence.quote)} says`)
    }
    if (support === 'unclear') {
      this.#report(
        path,
        'unclear',
        `${shown(value)}: whether ${shown(evidence.quote)} means it is for you to say`,
      )
    }
    this.evidence[path] = evidence
    return value
  }

  #absent({ nullable }: Leaf, path: string): null {
    // A row says itself that it is incomplete.
    if (!nullable && !/\.\d+\./.test(`${path}.`)) this.#report(path, 'missing', 'the schema requires it')
    return null
  }

  #reject(path: string, code: Issue['code'], message: string): null {
    this.#report(path, code, message)
    return null
  }

  #report(path: string, code: Issue['code'], message: string): void {
    this.issues.push({ path, code, message })
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function listed(values: ReadonlySet<string>): string {
  const more = values.size - 3
  return [...values].slice(0, 3).join(' or ') + (more > 0 ? `, and ${more} more` : '')
}

/** For a message: one line, not long. JSON has no Infinity, which is what 1e400 is read as. */
function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing')
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
