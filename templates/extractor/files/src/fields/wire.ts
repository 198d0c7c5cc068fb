import type { JSONSchema7 } from '@ai-sdk/provider'
import { type Field, isLeaf, type Leaf } from './fields.ts'

/**
 * The JSON Schema that a model fills in: the learner's schema with `[{ quote, value }]` in the place of each value, quote first,
 * so that the words are found before the value is decided. An empty list means "the document does not say". Two entries mean that it
 * contradicts itself.
 *
 * Kept to what every provider takes: all keys required, no extra keys, no formats or limits (those are in the descriptions and are
 * checked here), and no unions, of which Anthropic allows 16 in a request. That is why absent is an empty list and not null.
 */
export function wireSchema(field: Field): JSONSchema7 {
  const described = field.description === '' ? {} : { description: field.description }
  switch (field.kind) {
    case 'object':
      return { ...described, ...closedObject(field.fields.map((child) => [child.name, wireSchema(child)])) }
    case 'array':
      // The rows of a list of plain values are such entries themselves.
      return isLeaf(field.item)
        ? { ...described, ...entries(field.item) }
        : { ...described, type: 'array', items: wireSchema(field.item) }
    default: {
      const hint = HINTS[field.kind]
      const description = [field.description, hint && `(${hint})`].filter(Boolean).join(' ')
      return { ...(description && { description }), ...entries(field) }
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

const VALUE_TYPES: Record<Leaf['kind'], 'string' | 'number' | 'integer' | 'boolean'> = {
  string: 'string',
  enum: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  date: 'string',
  'date-time': 'string',
  time: 'string',
  email: 'string',
  url: 'string',
  phone: 'string',
}

function entries({ kind, values }: Leaf): JSONSchema7 {
  const type = VALUE_TYPES[kind]
  const value: JSONSchema7 = kind === 'enum' ? { type, enum: [...values] } : { type }
  return {
    type: 'array',
    items: closedObject([
      ['quote', { type: 'string' }],
      ['value', value],
    ]),
  }
}

function closedObject(properties: readonly (readonly [string, JSONSchema7])[]): JSONSchema7 {
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: properties.map(([name]) => name),
    additionalProperties: false,
  }
}
