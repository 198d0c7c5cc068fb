import type { JSONValue } from '@ai-sdk/provider'
import { type ArrayField, type Field, isLeaf, type Leaf, type ObjectField } from '#kit/fields/field'
import { findBlocks } from './blocks.ts'
import { collectContext } from './context.ts'
import { findLeaf } from './find.ts'
import { collectNames, type Names } from './labels.ts'
import { readOutline } from './outline.ts'
import type { Found } from './read-value.ts'
import { findRows, findValues, type TableRow } from './rows.ts'
import { buildScope, type Scope } from './statements.ts'

/**
 * Fills in the fields by rules: it matches labels, tables, lists and recognisable values with the names and
 * descriptions of any schema. It is deterministic, and leaves a field empty where no rule applies. It does
 * not understand the text and is not a language model. The answer has the shape that a model is asked for and
 * is checked like a model's.
 */
export function extractHeuristically(root: ObjectField, text: string): JSONValue {
  return answerObject(root, undefined, buildScope(readOutline(text), collectContext(text)))
}

function answerObject({ fields }: ObjectField, names: Names | undefined, scope: Scope): JSONValue {
  return Object.fromEntries(
    fields.map((field) => [field.name, answerField(field, collectNames(field, names), scope)]),
  )
}

function answerField(field: Field, names: Names, scope: Scope): JSONValue {
  const entries = (found: readonly Found[]) => found.flatMap((one) => toEntries(one, scope))
  switch (field.kind) {
    case 'object':
      return answerObject(field, names, scope)
    case 'array':
      return isLeaf(field.item)
        ? entries(findValues(field.item, names, scope))
        : answerRows(field.item, field, scope)
    default:
      return entries(findLeaf(field, names, scope))
  }
}

/** The rows of a table or a list; without those, the blocks that begin with the same label. */
function answerRows(item: Field, array: ArrayField, scope: Scope): JSONValue {
  const blocks = item.kind === 'object' ? findBlocks(item, scope) : []
  const hasLists = item.kind === 'object' && item.fields.some(({ kind }) => kind === 'array')
  const rows = hasLists && blocks.length > 0 ? [] : findRows(array, scope)
  if (rows.length > 0 || item.kind !== 'object') return rows.map((row) => answerRow(item, row, scope))
  return blocks.map(({ start, end }) => {
    const text = scope.outline.text.slice(start, end)
    return answerObject(item, undefined, buildScope(readOutline(text), scope.context))
  })
}

/** Leaves a list inside a row empty: the text does not show where one row's list ends. */
function answerRow(field: Field, row: TableRow, scope: Scope): JSONValue {
  switch (field.kind) {
    case 'object':
      return Object.fromEntries(field.fields.map((child) => [child.name, answerRow(child, row, scope)]))
    case 'array':
      return []
    default:
      return answerRowLeaf(row, field, scope)
  }
}

function answerRowLeaf(row: TableRow, leaf: Leaf, scope: Scope): JSONValue {
  const found = row.get(leaf)
  return found ? toEntries(found, scope) : []
}

/** One entry for each reading: two of them make the field contradict itself, which the check reports. */
function toEntries({ value, others = [], start, end }: Found, { outline }: Scope): JSONValue[] {
  const quote = outline.text.slice(start, end)
  return [value, ...others].map((reading) => ({ quote, value: reading }))
}
