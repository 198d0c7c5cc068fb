import { isRecord } from '#kit/console/json'
import { type Field, isLeaf } from '../fields/fields.ts'

/** What a row lacks to be one: the name of a required value, '' for everything; undefined when it is fine. */
export function lacks(field: Field, value: unknown): string | undefined {
  return isEmpty(value) ? '' : requiredIn(field, value)
}

function requiredIn(field: Field, value: unknown): string | undefined {
  if (isLeaf(field)) return value === null && !field.nullable ? field.name : undefined
  if (field.kind === 'array' || !isRecord(value)) return undefined
  const missing = field.fields.map((child) => requiredIn(child, value[child.name]))
  return missing.find((name) => name !== undefined)
}

function isEmpty(value: unknown): boolean {
  if (value === null) return true
  return typeof value === 'object' && Object.values(value).every(isEmpty)
}
