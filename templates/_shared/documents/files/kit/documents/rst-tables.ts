import { stripRstMarks } from './rst-marks.ts'
import { writeMarkdownTable } from './text.ts'

/** Reads the grid table or simple table that starts at a line; undefined if none does. */
export function readRstTable(
  lines: readonly string[],
  at: number,
): { text: string; end: number } | undefined {
  const line = lines[at]?.trim() ?? ''
  if (/^\+(?:[-=]+\+)+$/.test(line)) return readGrid(lines, at)
  if (/^=+(?:\s+=+)+$/.test(line)) return readSimple(lines, at)
  return undefined
}

function readGrid(lines: readonly string[], at: number): { text: string; end: number } {
  let end = at
  while (/^\s*[|+]/.test(lines[end] ?? '')) end += 1
  const [border = '', ...rest] = lines.slice(at, end).map((line) => line.trim())
  const edges = [...border.matchAll(/\+/g)].map(({ index }) => index)
  const rows: string[][] = []
  let row: string[] = []
  for (const line of rest) {
    if (/^\+[-=+]+\+$/.test(line)) {
      if (row.some((cell) => cell !== '')) rows.push(row)
      row = []
      continue
    }
    edges.slice(1).forEach((edge, column) => {
      const cell = line.slice((edges[column] ?? 0) + 1, edge).replace(/[|+]/g, ' ')
      row[column] = `${row[column] ?? ''} ${cell.trim()}`.trim()
    })
  }
  return { text: writeRows(rows), end }
}

function readSimple(lines: readonly string[], at: number): { text: string; end: number } {
  const border = lines[at] ?? ''
  const columns = [...border.matchAll(/=+/g)].map(({ index }) => index)
  const isBorder = (line: string) => /^\s*=+(?:\s+=+)+\s*$/.test(line)
  let end = at + 1
  let borders = 0
  // The table ends at the second border that a blank line follows.
  for (; end < lines.length; end++) {
    if (isBorder(lines[end] ?? '')) borders += 1
    const isLast = (lines[end + 1] ?? '').trim() === ''
    if (borders > 0 && isBorder(lines[end] ?? '') && isLast) break
  }
  const rows: string[][] = []
  for (const line of lines.slice(at + 1, end)) {
    if (line.trim() === '' || isBorder(line) || /^\s*-+(?:\s+-+)*\s*$/.test(line)) continue
    const cells = columns.map((start, column) => line.slice(start, columns[column + 1]).trim())
    const above = rows.at(-1)
    if (cells[0] !== '' || above === undefined) rows.push(cells)
    else rows[rows.length - 1] = above.map((cell, column) => `${cell} ${cells[column] ?? ''}`.trim())
  }
  return { text: writeRows(rows), end: end + 1 }
}

function writeRows(rows: readonly string[][]): string {
  return writeMarkdownTable(rows.map((row) => row.map(stripRstMarks)))
}
