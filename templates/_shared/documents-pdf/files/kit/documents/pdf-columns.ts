import { escapeStructure } from '#kit/documents/text'
import { groupRows, joinRow, type PdfFragment, type PdfRow } from './pdf-rows.ts'
import { readPdfTable, splitTables } from './pdf-table.ts'

/** A strip of the page without text, from top to bottom. */
type PageGap = readonly [start: number, end: number]

const MAX_DEPTH = 5
// No page that people read has more; a damaged one may, and would take minutes.
const MAX_GAPS = 100
const MAX_ROWS = 2_000

/** Lays fragments out as Markdown: columns one after another, tables as tables, and the rest as lines. */
export function layOutFragments(fragments: readonly PdfFragment[], depth = 0): string {
  const blocks: string[] = []
  let plain: PdfRow[] = []
  const flush = () => {
    if (plain.length > 0) blocks.push(writeLines(plain))
    plain = []
  }
  for (const { rows, gutters } of splitBands(groupRows(fragments))) {
    if (gutters.length === 0 || depth >= MAX_DEPTH) {
      plain.push(...rows)
      continue
    }
    const strips = splitStrips(rows, gutters)
    if (isProse(strips) || !isAligned(strips)) {
      flush()
      blocks.push(...readColumns(strips).map((column) => layOutFragments(column, depth + 1)))
      continue
    }
    for (const part of splitTables(strips)) {
      const { before, text, after } = readPdfTable(part)
      plain.push(...before)
      flush()
      blocks.push(text)
      plain.push(...after)
    }
  }
  flush()
  return blocks.filter((block) => block !== '').join('\n\n')
}

function readColumns(strips: readonly (readonly PdfRow[])[]): PdfFragment[][] {
  const columns = (strips[0] ?? []).map((_, column) => strips.flatMap((cells) => cells[column] ?? []))
  return isRightToLeft(strips.flat()) ? columns.reverse() : columns
}

function isRightToLeft(rows: readonly PdfRow[]): boolean {
  const all = rows.flat()
  return all.filter(({ isRtl }) => isRtl).length > all.length / 2
}

/** Keeps lines, with a blank one where the gap is that of a paragraph. */
function writeLines(rows: readonly PdfRow[]): string {
  let text = ''
  let above: PdfFragment | undefined
  for (const row of rows) {
    const tallest = row.reduce((a, b) => (b.height > a.height ? b : a))
    if (above !== undefined) {
      const isParagraph = above.y - tallest.y > 1.7 * Math.max(above.height, tallest.height)
      text += isParagraph ? '\n\n' : '\n'
    }
    text += joinRow(row)
    above = tallest
  }
  return escapeStructure(text)
}

interface PageBand {
  rows: PdfRow[]
  gutters: PageGap[]
}

/** Groups consecutive rows that leave the same gaps free. */
function splitBands(rows: readonly PdfRow[]): PageBand[] {
  const all = rows.flat()
  const left = all.reduce((least, { x }) => Math.min(least, x), Number.POSITIVE_INFINITY)
  const right = all.reduce((most, { end }) => Math.max(most, end), Number.NEGATIVE_INFINITY)
  if (rows.length > MAX_ROWS) return [{ rows: [...rows], gutters: [] }]
  const bands: OpenBand[] = []
  for (const row of rows) {
    const gaps = listGaps(row, left, right)
    const band = bands.at(-1)
    const common = band === undefined ? [] : intersectGaps(band.free, gaps, 0.9 * getHeight(row))
    if (band !== undefined && fits(band, row, gaps, common)) {
      band.rows.push(row)
      band.free = common
    } else bands.push({ rows: [row], free: gaps })
  }
  return bands.map(({ rows, free }) => ({ rows, gutters: findGutters(rows, free) }))
}

interface OpenBand {
  rows: PdfRow[]
  free: PageGap[]
}

/** Checks whether a row leaves as many gaps free as the band, or as itself if the band has no gutters yet. */
function fits(
  { rows, free }: OpenBand,
  row: PdfRow,
  gaps: readonly PageGap[],
  common: readonly PageGap[],
): boolean {
  if (common.length === 0) return free.length === 0 && gaps.length === 0
  // A page's running head is far above what it would otherwise be a row of.
  const [only] = rows.length === 1 ? (rows[0] ?? []) : []
  if (only !== undefined && only.y - (row[0]?.y ?? 0) > 3 * only.height) return false
  const gutters = findGutters(rows, free).length
  if (gutters > 0) return findGutters([...rows, row], common).length >= gutters
  const end = row.reduce((most, { end }) => Math.max(most, end), 0)
  const isInner = ([from, to]: PageGap) => from > (row[0]?.x ?? 0) && to < end
  return common.filter(isInner).length >= gaps.filter(isInner).length
}

function getHeight(row: PdfRow): number {
  return row.reduce((most, { height }) => Math.max(most, height), 0)
}

function listGaps(row: PdfRow, left: number, right: number): PageGap[] {
  const least = 0.9 * getHeight(row)
  const gaps: PageGap[] = []
  let edge = left
  for (const { x, end } of row) {
    if (x - edge >= least) gaps.push([edge, x])
    edge = Math.max(edge, end)
  }
  if (right - edge >= least) gaps.push([edge, right])
  return gaps.length > MAX_GAPS ? [] : gaps
}

function intersectGaps(some: readonly PageGap[], others: readonly PageGap[], least: number): PageGap[] {
  const pairs = some.flatMap(([start, end]) =>
    others.map(([from, to]): PageGap => [Math.max(start, from), Math.min(end, to)]),
  )
  return pairs.filter(([start, end]) => end - start >= least)
}

/** Returns the gaps that have at least two rows on either side, next to each other. */
function findGutters(rows: readonly PdfRow[], free: readonly PageGap[]): PageGap[] {
  return free.filter(([start, end]) => {
    const before = listIndexes(rows, (fragment) => fragment.end <= start + 0.01)
    const after = listIndexes(rows, (fragment) => fragment.x >= end - 0.01)
    const [first = 0] = after
    const last = after.at(-1) ?? 0
    return before.length > 1 && after.length > 1 && before.some((row) => row >= first && row <= last)
  })
}

function listIndexes(rows: readonly PdfRow[], test: (fragment: PdfFragment) => boolean): number[] {
  return rows.flatMap((row, index) => (row.some(test) ? [index] : []))
}

/** Splits each row into the cells between the gutters. */
function splitStrips(rows: readonly PdfRow[], gutters: readonly PageGap[]): PdfRow[][] {
  const edges = gutters.map(([start, end]) => (start + end) / 2).sort((a, b) => a - b)
  return rows.map((row) => {
    const cells: PdfFragment[][] = Array.from({ length: edges.length + 1 }, () => [])
    for (const fragment of row) cells[edges.filter((edge) => fragment.x >= edge).length]?.push(fragment)
    return cells
  })
}

/** In a table, at least half of the rows have several cells. */
function isAligned(strips: readonly (readonly PdfRow[])[]): boolean {
  const full = strips.filter((cells) => cells.filter((cell) => cell.length > 0).length > 1)
  return full.length > 1 && full.length >= strips.length / 2
}

/** Checks whether every column is running text: its lines are long, and go on in the middle of sentences. */
function isProse(strips: readonly (readonly PdfRow[])[]): boolean {
  const columns = (strips[0] ?? []).map((_, column) =>
    strips.map((cells) => joinRow(cells[column] ?? [])).filter((text) => text !== ''),
  )
  return columns.every((lines) => lines.length > 1 && isRunningText(lines))
}

const ITEM = /^(?:[•‣▪◦·*–-]|\d{1,2}[.)])\s/u

function isRunningText(lines: readonly string[]): boolean {
  if (lines.filter((line) => ITEM.test(line)).length >= lines.length / 3) return true
  const lengths = lines.map((line) => line.length + (line.match(/\p{Lo}/gu) ?? []).length / 2)
  if (lengths.reduce((sum, length) => sum + length, 0) / lines.length < 14) return false
  const goOn = lines.slice(1).filter((line) => /^["'“‘(]?\p{Ll}/u.test(line))
  const caseless = lines.filter((line) => /^\p{Lo}/u.test(line))
  return goOn.length >= (lines.length - 1) / 4 || caseless.length > lines.length / 2
}
