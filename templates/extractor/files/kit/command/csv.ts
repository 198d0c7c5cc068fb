import { isRecord } from '#kit/console/json'
import type { Field, ObjectField } from '#kit/fields/field'

/**
 * One row for each document: the file, then a column for each value of the schema, lists in one cell as JSON.
 * Cells that a spreadsheet would run as a formula get an apostrophe in front (OWASP, "CSV Injection"). RFC
 * 4180: CRLF, quotes doubled.
 */
export function toCsv(root: ObjectField, rows: readonly { file: string; data: unknown }[]): string {
  const columns = listColumns(root)
  const lines = rows.map(({ file, data }) => [file, ...columns.map((path) => findValue(data, path))])
  const header = ['file', ...columns.map((path) => path.join('.'))]
  return [header, ...lines].map((cells) => `${cells.map(escapeCell).join(',')}\r\n`).join('')
}

/** Lists the paths of all values outside lists; a list is one column. */
function listColumns(root: ObjectField): string[][] {
  const below = (field: Field): string[][] => {
    if (field.kind !== 'object') return [[field.name]]
    return field.fields.flatMap((child) => below(child).map((path) => [field.name, ...path]))
  }
  return root.fields.flatMap(below)
}

function findValue(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : null),
    data,
  )
}

// Tabs, line breaks and full-width forms count: spreadsheets skip the first and fold the last.
const FORMULA = /^[\s\u00a0]*[=+\-@\t\r\n＝＋－＠|%]/

function escapeCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = FORMULA.test(text) || text.startsWith('\t') ? `'${text}` : text
  return /[",\r\n\t;']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
