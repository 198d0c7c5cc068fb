import type { JSONSchema7 } from '@ai-sdk/provider'
import { type Field, isLeaf, type Leaf } from '#kit/fields/field'

/**
 * Builds the JSON Schema that the model fills in: your schema with a list of `{ quote, value }` in place of each
 * value. The quote comes first, so that the model finds the words before it decides on the value. An empty
 * list means "the document doesn't say"; two entries mean that the document contradicts itself. A list of plain
 * values is such a list already, so it isn't wrapped in another.
 *
 * A value is an `enum` of strings, a number, an integer or a boolean; any other kind is a string. A description
 * is the field's, then the hint for its kind in brackets, as in `due (YYYY-MM-DD)`; without either there is none.
 *
 * Every provider takes it: all keys are required, no other keys are allowed (`additionalProperties: false`), and
 * there are no formats, limits or unions (Anthropic allows 16 unions per request). `check.ts` enforces formats
 * and limits. Without unions, a missing value is an empty list rather than null.
 */
export function buildRequestSchema(field: Field): JSONSchema7 {
  const described = field.description === '' ? {} : { description: field.description }
  switch (field.kind) {
    case 'object':
      return {
        ...described,
        ...buildClosedObject(field.fields.map((child) => [child.name, buildRequestSchema(child)])),
      }
    case 'array':
      // A list of plain values is a list of entries already.
      return isLeaf(field.item)
        ? { ...described, ...buildEntryList(field.item) }
        : { ...described, type: 'array', items: buildRequestSchema(field.item) }
    default: {
      const hint = HINTS[field.kind]
      const description = [field.description, hint && `(${hint})`].filter(Boolean).join(' ')
      return { ...(description && { description }), ...buildEntryList(field) }
    }
  }
}

const HINTS: Partial<Record<Leaf['kind'], string>> = {
  date: 'YYYY-MM-DD',
  'date-time': 'ISO 8601: YYYY-MM-DDTHH:MM:SS, then Z or an offset only if the document gives a time zone',
  time: 'HH:MM or HH:MM:SS',
  phone: '+ and digits only',
  number: 'a JSON number: digits, no separators, no unit',
  integer: 'a JSON integer: digits, no separators, no unit',
}

function buildEntryList(leaf: Leaf): JSONSchema7 {
  const items = buildClosedObject([
    ['quote', { type: 'string' }],
    ['value', buildValueSchema(leaf)],
  ])
  return { type: 'array', items }
}

function buildValueSchema({ kind, values }: Leaf): JSONSchema7 {
  if (kind === 'enum') return { type: 'string', enum: [...values] }
  if (kind === 'number' || kind === 'integer' || kind === 'boolean') return { type: kind }
  return { type: 'string' }
}

function buildClosedObject(properties: readonly (readonly [string, JSONSchema7])[]): JSONSchema7 {
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: properties.map(([name]) => name),
    additionalProperties: false,
  }
}
