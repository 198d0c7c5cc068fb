import { writeMarkdownTable } from './text.ts'

/** Reads comma-, semicolon- or tab-separated values as a Markdown table. The first row is the header. */
export function readCells(source: string, separator?: string): string {
  const [, declared, body = source] = /^sep=(.)\r?\n([\s\S]*)$/i.exec(source) ?? []
  const rows = splitCells(body, declared ?? separator ?? findSeparator(body))
  return writeMarkdownTable(rows.filter((row) => row.some((cell) => cell.trim() !== '')))
}

/** The separator that most often stands outside of quotes in the first rows. */
function findSeparator(source: string): string {
  const start = source.slice(0, 10_000).replace(/"(?:[^"]|"")*"/g, '')
  const lines = start.split('\n').filter((line) => line.trim() !== '')
  const score = (separator: string) => {
    const counts = lines.slice(0, 20).map((line) => line.split(separator).length - 1)
    const [first = 0] = counts
    return first * counts.filter((count) => count === first).length
  }
  const [best = ','] = [',', ';', '\t', '|'].sort((a, b) => score(b) - score(a))
  return best
}

/** As in RFC 4180: a cell in quotes may hold separators, line ends, and quotes that are written twice. */
export function splitCells(source: string, separator: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < source.length) {
    const quoted = source[at] === '"'
    let cell = ''
    if (quoted) {
      const close = findQuoteEnd(source, at + 1)
      cell = source.slice(at + 1, close).replaceAll('""', '"')
      at = close + 1
    }
    const end = findCellEnd(source, at, separator)
    row.push(cell + source.slice(at, end))
    if (source[end] !== separator) rows.push(row)
    if (source[end] !== separator) row = []
    else if (end + 1 === source.length) row.push('')
    at = end + 1
  }
  if (row.length > 0) rows.push(row)
  return rows
}

function findQuoteEnd(source: string, from: number): number {
  let at = source.indexOf('"', from)
  while (at >= 0 && source[at + 1] === '"') at = source.indexOf('"', at + 2)
  return at < 0 ? source.length : at
}

function findCellEnd(source: string, from: number, separator: string): number {
  let end = from
  while (end < source.length && source[end] !== separator && source[end] !== '\n') end += 1
  return end
}
