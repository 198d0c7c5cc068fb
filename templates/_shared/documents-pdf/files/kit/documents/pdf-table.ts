import { writeMarkdownTable } from '#kit/documents/text'
import { joinRow, type PdfRow } from './pdf-rows.ts'

interface TableLine {
  cells: string[]
  row: PdfRow
  y: number
}

/**
 * Writes rows of cells as a Markdown table, or as one paragraph for each row if they are pairs of a label and
 * a value. Rows of one cell above and below are text around the table.
 */
export function readPdfTable(strips: readonly (readonly PdfRow[])[]): {
  before: PdfRow[]
  text: string
  after: PdfRow[]
} {
  const lines = strips.map((cells): TableLine => {
    const row = cells.flat()
    return { cells: cells.map(joinRow), row, y: row[0]?.y ?? 0 }
  })
  const isFull = ({ cells }: TableLine) => cells.filter((cell) => cell !== '').length > 1
  const first = lines.findIndex(isFull)
  let last = lines.findLastIndex(isFull)
  while (last + 1 < lines.length && isContinued(lines[last + 1] as TableLine)) last += 1
  const isSetApart = lines[first]?.row[0]?.font !== lines[first + 1]?.row[0]?.font
  return {
    before: lines.slice(0, first).map(({ row }) => row),
    text: writeTable(dropEmpty(mergeLines(lines.slice(first, last + 1))), isSetApart),
    after: lines.slice(last + 1).map(({ row }) => row),
  }
}

/** Splits a table from the one below it, which is farther away and fills other columns. */
export function splitTables(strips: readonly (readonly PdfRow[])[]): (readonly PdfRow[])[][] {
  const heights = strips.map((cells) => cells.flat()[0]?.y ?? 0)
  const gaps = heights.slice(1).map((y, index) => (heights[index] ?? y) - y)
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0
  const ends = gaps.flatMap((gap, index) => (gap > 1.8 * usual ? [index + 1] : []))
  const parts = [0, ...ends].map((start, index) => strips.slice(start, ends[index]))
  return parts.every((part) => part.length > 1) && new Set(parts.map(listFilled)).size > 1
    ? parts
    : [[...strips]]
}

function listFilled(strips: readonly (readonly PdfRow[])[]): string {
  const columns = (strips[0] ?? []).map((_, column) => column)
  return columns.filter((column) => strips.some((cells) => (cells[column]?.length ?? 0) > 0)).join()
}

function isContinued({ cells }: TableLine): boolean {
  const filled = cells.filter((cell) => cell !== '')
  return filled.length < cells.length && filled.every((cell) => /^[\p{Ll}),;&]/u.test(cell))
}

/** Joins the lines of cells that are several lines high. */
function mergeLines(lines: readonly TableLine[]): string[][] {
  const gaps = lines.slice(1).map(({ y }, index) => (lines[index]?.y ?? y) - y)
  const widest = Math.max(...gaps)
  const rows: string[][] = []
  lines.forEach((line, index) => {
    const above = rows.at(-1)
    const isClose = line.cells[0] === '' && (gaps[index - 1] ?? widest) < 0.8 * widest
    if (above === undefined || !(isContinued(line) || isClose)) rows.push([...line.cells])
    else
      line.cells.forEach((cell, column) => {
        above[column] = [above[column], cell].filter((part) => part).join(' ')
      })
  })
  return rows
}

function dropEmpty(rows: readonly string[][]): string[][] {
  return rows.map((row) => row.filter((_, column) => rows.some((other) => other[column] !== '')))
}

function writeTable(rows: readonly string[][], isSetApart: boolean): string {
  const isLabelled = rows.filter((row) => row.some((cell) => cell.endsWith(':'))).length > rows.length / 2
  if (!isLabelled && (isSetApart || hasHeader(rows))) return writeMarkdownTable(rows)
  return rows.map((row) => row.filter((cell) => cell !== '').join(' ')).join('\n\n')
}

const NUMBER = /^[^\p{L}]*\d[^\p{L}]*$/u
const YEAR = /^(?:19|20)\d\d$/

/** A header has words, or years, above columns of numbers. */
function hasHeader([header = [], ...body]: readonly string[][]): boolean {
  const numeric = header.flatMap((_, column) => {
    const cells = body.map((row) => row[column] ?? '').filter((cell) => cell !== '')
    return cells.length > 0 && cells.every((cell) => NUMBER.test(cell)) ? [column] : []
  })
  if (numeric.length === 0) return header.length > 2
  return numeric.some((column) => !NUMBER.test(header[column] ?? '') || YEAR.test(header[column] ?? ''))
}
