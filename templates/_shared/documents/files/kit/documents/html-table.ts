import { type Element, getAttribute, isElement, isShown, walkElements } from './html-tree.ts'

const MAX_COLUMNS = 50
const NO_CELL_HOLDS = new Set(['table', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

/** Lists the visible cells of a table, row by row, without those of nested tables. */
export function listRows(table: Element): Element[][] {
  const groups = table.childNodes.filter(isElement).filter(isShown)
  return groups
    .flatMap((group) => (group.tagName === 'tr' ? [group] : group.childNodes.filter(isElement)))
    .filter((row) => row.tagName === 'tr' && isShown(row))
    .map((row) => row.childNodes.filter(isElement).filter((cell) => isCell(cell) && isShown(cell)))
    .filter((cells) => cells.length > 0)
}

/**
 * Returns whether a table holds data, rather than the page's layout: it has several columns, or one column
 * below a header, and no cell holds a block that doesn't fit on a line.
 */
export function isDataTable(table: Element, rows: readonly Element[][]): boolean {
  const isList = rows.length > 1 && rows[0]?.every(({ tagName }) => tagName === 'th')
  if (!isList && !rows.some((cells) => cells.length > 1)) return false
  for (const { tagName } of walkElements(table)) if (NO_CELL_HOLDS.has(tagName)) return false
  return true
}

/**
 * Renders a Markdown table.
 * Fills the places that a spanning cell covers with empty cells, to keep columns aligned.
 */
export function renderHtmlTable(rows: readonly Element[][], contentOf: (cell: Element) => string): string {
  const open: number[] = [] // for each column, how many more rows the cell above spans
  const lines = rows.map((cells) => fillRow(cells, open, contentOf))
  const width = Math.max(...lines.map((line) => line.length))
  const [head = [], ...body] = lines.map((line) => [...line, ...Array<string>(width - line.length).fill('')])
  const rule = head.map(() => '---')
  return [head, rule, ...body].map((line) => `| ${line.join(' | ')} |`).join('\n')
}

function fillRow(cells: readonly Element[], open: number[], contentOf: (cell: Element) => string): string[] {
  const line: string[] = []
  const skipSpanned = () => {
    for (let left = open[line.length] ?? 0; left > 0; left = open[line.length] ?? 0) {
      open[line.length] = left - 1
      line.push('')
    }
  }
  for (const cell of cells) {
    skipSpanned()
    const rows = parseSpan(cell, 'rowspan')
    for (let column = 0; column < parseSpan(cell, 'colspan') && line.length < MAX_COLUMNS; column++) {
      open[line.length] = rows - 1
      line.push(column === 0 ? contentOf(cell).replaceAll('|', '\\|') : '')
    }
  }
  skipSpanned()
  return line
}

function parseSpan(cell: Element, attribute: 'rowspan' | 'colspan'): number {
  const span = Number.parseInt(getAttribute(cell.attrs, attribute) ?? '', 10)
  return span > 0 ? Math.min(span, 1_000) : 1
}

function isCell({ tagName }: Element): boolean {
  return tagName === 'td' || tagName === 'th'
}
