import { type ArrayField, type Field, isLeaf, type Leaf, type ObjectField } from '#kit/fields/field'
import { dedupeFound } from './find.ts'
import { collectNames, type Names, scoreLabel, stemTerms } from './labels.ts'
import type { Table } from './outline.ts'
import { type Found, readSpanValues } from './read-value.ts'
import type { Span } from './spans.ts'
import type { Scope } from './statements.ts'

/** A row of a list of objects: the value found for each field. */
export type TableRow = ReadonlyMap<Leaf, Found>

const MIN_FIT = 0.55
const HEADINGS = stemTerms('headings')

/**
 * Finds the values of a list of plain values: in a line that lists them, the items under a heading, or a
 * column of a table.
 */
export function findValues(item: Leaf, names: Names, scope: Scope): Found[] {
  const { text, headings, pairs, lists, tables } = scope.outline
  const read = (spans: readonly Span[]) =>
    dedupeFound(spans.flatMap((span) => readSpanValues(item, text, span, scope.context)))
  const ways: (() => readonly Span[])[] = [
    () =>
      pairs
        .filter(({ label, section, isProse }) => !isProse && scoreLabel(names, label, section) >= MIN_FIT)
        .flatMap(({ value }) => splitEnumeration(text, value)),
    () => lists.filter(({ section }) => fits(names, section)).flatMap(({ spans }) => spans),
    () => tables.flatMap((table) => selectColumn(table, names)),
    () => (HEADINGS.some((term) => names.all.has(term)) ? headings : []),
    () => (['email', 'url', 'phone'].includes(item.kind) ? [{ start: 0, end: text.length }] : []),
  ]
  for (const way of ways) {
    const found = read(way())
    if (found.length > 0) return found
  }
  return []
}

/**
 * Finds the rows of a list of objects: in a table whose columns are its fields, or in the items under its
 * heading.
 */
export function findRows({ item, ...array }: ArrayField, scope: Scope): TableRow[] {
  if (item.kind !== 'object') return []
  const names = collectNames(array)
  const leaves = collectLeaves(item)
  const { tables, lists } = scope.outline
  const matched = tables
    .map((table) => ({ table, columns: matchColumns(table, leaves) }))
    .filter(
      ({ table, columns }) =>
        columns.size >= (fits(names, table.section) ? 1 : Math.max(2, leaves.length / 2)),
    )
  if (matched.length > 0) return matched.flatMap(({ table, columns }) => readTableRows(table, columns, scope))
  const items = lists.filter(({ section }) => fits(names, section)).flatMap(({ spans }) => spans)
  return items.map((span) => readItemRow(leaves, span, scope))
}

function collectLeaves({ fields }: ObjectField): Leaf[] {
  return fields.flatMap((field: Field) =>
    isLeaf(field) ? field : field.kind === 'object' ? collectLeaves(field) : [],
  )
}

function fits(names: Names, section: readonly string[]): boolean {
  const nearest = section.at(-1)
  return nearest !== undefined && scoreLabel({ ...names, parents: [] }, nearest) >= MIN_FIT
}

/** Splits "checkout, cart and search" into three spans. */
function splitEnumeration(text: string, { start, end }: Span): Span[] {
  const spans: Span[] = []
  let from = start
  for (const part of text.slice(start, end).split(/(\s*[,;]\s*(?:and\s+)?|\s+(?:and|&|\+|\/)\s+)/)) {
    const words = part.replace(/^[["'`*\s]+|["'`*\].\s]+$/g, '')
    const at = from + part.indexOf(words)
    if (words !== '' && !/^(?:,|;|and|&|\+|\/)/.test(words)) spans.push({ start: at, end: at + words.length })
    from += part.length
  }
  return spans
}

function selectColumn({ headers, rows }: Table, names: Names): Span[] {
  const index = headers.findIndex((header) => scoreLabel({ ...names, parents: [] }, header) >= 0.6)
  return index === -1 ? [] : rows.flatMap((row) => row[index] ?? [])
}

/** Matches each field with the column whose header fits best; no column is used twice. */
function matchColumns({ headers }: Table, leaves: readonly Leaf[]): Map<Leaf, number> {
  const fits = leaves.flatMap((leaf) => {
    const names = collectNames(leaf)
    return headers.map((header, index) => ({ leaf, index, fit: scoreLabel(names, header) }))
  })
  const columns = new Map<Leaf, number>()
  for (const { leaf, index, fit } of fits.sort((a, b) => b.fit - a.fit)) {
    if (fit < 0.4 || columns.has(leaf) || [...columns.values()].includes(index)) continue
    columns.set(leaf, index)
  }
  return columns
}

function readTableRows(
  { rows }: Table,
  columns: ReadonlyMap<Leaf, number>,
  { outline, context }: Scope,
): TableRow[] {
  return rows.map((cells) => {
    const entries = [...columns].flatMap(([leaf, index]) => {
      const cell = cells[index]
      const [found] = cell ? readSpanValues(leaf, outline.text, cell, context) : []
      return found ? [[leaf, found] as const] : []
    })
    return new Map(entries)
  })
}

const LABELLED = /(?<![\p{L}\p{N}])([\p{L}][\p{L} ]{0,30}?)\s*[:=]\s*([^,;()\n]+)/gu
const PERSON = new Set(stemTerms('owner assignee assigned responsible who whom person lead author reporter'))
const NAME = String.raw`(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?)`
/** "Maya: rotate", "@maya", "(Maya)", "— Maya, by Friday" */
const PERSON_PATTERN = new RegExp(
  String.raw`^${NAME}:\s|@([\p{L}\p{N}._-]+)|(?<!\p{L})[(–—-]\s*${NAME}\s*(?=[,;)]|\s[-–—]|$)`,
  'u',
)
const PERSON_PREFIX = new RegExp(`^${NAME}:\\s+`, 'u')
const MAIN_END =
  /\s+[(–—@]|\s-{1,2}\s|[,;]\s*(?=[\p{L} ]{2,30}[:=])|[,;]?\s+(?:by|until|before|due)\s+(?=\S*\d)|[.;]?\s*$/u

/**
 * "Rotate the certificates (owner: Maya, due 2026-03-20)": labelled and recognised parts fill their fields,
 * the rest is the main text.
 */
function readItemRow(leaves: readonly Leaf[], span: Span, { outline, context }: Scope): TableRow {
  const { text } = outline
  const item = text.slice(span.start, span.end)
  const row = new Map<Leaf, Found>()
  for (const leaf of leaves) {
    const found =
      findLabelledValue(leaf, item, span, text, context) ?? recogniseValue(leaf, span, text, context)
    if (found) row.set(leaf, found)
  }
  const main = leaves.find((leaf) => leaf.kind === 'string' && !row.has(leaf) && !isPerson(leaf))
  const length = MAIN_END.exec(item)?.index ?? item.length
  const isNamedFirst = leaves.some((leaf) => isPerson(leaf) && row.has(leaf))
  const skipped = isNamedFirst ? (PERSON_PREFIX.exec(item)?.[0].length ?? 0) : 0
  const [about] = main
    ? readSpanValues(main, text, { start: span.start + skipped, end: span.start + length }, context)
    : []
  if (main && about) row.set(main, about)
  return row
}

function findLabelledValue(
  leaf: Leaf,
  item: string,
  span: Span,
  text: string,
  context: Scope['context'],
): Found | undefined {
  for (const { 0: all, 1: label = '', 2: value = '', index } of item.matchAll(LABELLED)) {
    if (scoreLabel(collectNames(leaf), label) < 0.4) continue
    const start = span.start + index + all.length - value.length
    const [found] = readSpanValues(leaf, text, { start, end: start + value.trimEnd().length }, context)
    if (found) return found
  }
  return undefined
}

function recogniseValue(leaf: Leaf, span: Span, text: string, context: Scope['context']): Found | undefined {
  // A number in an item may count anything.
  if (['number', 'integer', 'boolean'].includes(leaf.kind)) return undefined
  if (leaf.kind === 'string') {
    const match = isPerson(leaf) ? PERSON_PATTERN.exec(text.slice(span.start, span.end)) : null
    const name = match?.[1] ?? match?.[2] ?? match?.[3]
    if (match === null || name === undefined) return undefined
    const start = span.start + match.index + match[0].indexOf(name)
    return readSpanValues(leaf, text, { start, end: start + name.length }, context)[0]
  }
  const [found, ...others] = dedupeFound(readSpanValues(leaf, text, span, context))
  return others.length === 0 ? found : undefined
}

function isPerson(leaf: Leaf): boolean {
  return [...collectNames(leaf).all].some((term) => PERSON.has(term))
}
