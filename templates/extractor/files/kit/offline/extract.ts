import type { JSONValue } from '@ai-sdk/provider'
import { type Field, isLeaf, type Leaf, type ObjectField } from '#kit/fields/field'
import { dateContext } from '#kit/values/dates'
import { findLeaf } from './find.ts'
import { type Names, namesOf } from './labels.ts'
import { outlineOf } from './outline.ts'
import type { Found } from './read-value.ts'
import { findRows, findValues, type Row } from './rows.ts'
import { type Scope, scopeOf } from './statements.ts'

/**
 * Fills in the fields by rules: labels, tables, lists and recognisable values, matched with the names and descriptions of the schema,
 * whatever they are. The same every time, and empty where no rule applies. It does not understand the text and is not a language
 * model. The answer has the shape that a model is asked for and is checked like a model's.
 */
export function extractHeuristically(root: ObjectField, text: string): JSONValue {
  return objectAnswer(root, undefined, scopeOf(outlineOf(text), dateContext(text)))
}

function objectAnswer({ fields }: ObjectField, names: Names | undefined, scope: Scope): JSONValue {
  return Object.fromEntries(
    fields.map((field) => [field.name, answerTo(field, namesOf(field, names), scope)]),
  )
}

function answerTo(field: Field, names: Names, scope: Scope): JSONValue {
  const entries = (found: readonly Found[]) => found.map((one) => entry(one, scope))
  switch (field.kind) {
    case 'object':
      return objectAnswer(field, names, scope)
    case 'array':
      return isLeaf(field.item)
        ? entries(findValues(field.item, names, scope))
        : findRows(field, scope).map((row) => rowAnswer(field.item, row, scope))
    default:
      return entries(findLeaf(field, names, scope))
  }
}

/** A list inside a row stays empty: nothing says where one row's list ends. */
function rowAnswer(field: Field, row: Row, scope: Scope): JSONValue {
  switch (field.kind) {
    case 'object':
      return Object.fromEntries(field.fields.map((child) => [child.name, rowAnswer(child, row, scope)]))
    case 'array':
      return []
    default:
      return leafOf(row, field, scope)
  }
}

function leafOf(row: Row, leaf: Leaf, scope: Scope): JSONValue {
  const found = row.get(leaf)
  return found ? [entry(found, scope)] : []
}

function entry({ value, start, end }: Found, { outline }: Scope): JSONValue {
  return { quote: outline.text.slice(start, end), value }
}
