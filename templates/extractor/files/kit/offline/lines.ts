import { HEADING, LIST_MARK, splitLines, type TextLine } from '#kit/text/lines'
import { type Span, stripSpan } from './spans.ts'

const MAX_LINE = 2_000 // characters: a longer line is prose, and its layout is in its beginning

export const DIVIDER = /^[\s|:+-]+$/
const BOLD_HEADING = /^\s*(?:\*\*|__)([^*_]{2,80}?):?(?:\*\*|__):?\s*$/
const COLON_HEADING = /^\s{0,3}([\p{L}][^:.]{1,60}):\s*$/u
/** A row of a table with bars around it. */
const PIPE_ROW = /^\s*\|.*\|\s*$/

/** Replaces HTML comments by spaces, since a reader does not see them. Offsets stay the same. */
export function blankComments(text: string): string {
  let shown = ''
  let from = 0
  for (let start = text.indexOf('<!--'); start !== -1; start = text.indexOf('<!--', from)) {
    const end = text.indexOf('-->', start)
    if (end === -1) break
    shown += text.slice(from, start) + text.slice(start, end + 3).replaceAll(/[^\n]/g, ' ')
    from = end + 3
  }
  return shown + text.slice(from)
}

/** Splits a text into lines and cuts long ones; `start` and `end` stay those of the whole line. */
export function splitCutLines(text: string): TextLine[] {
  return splitLines(text).map((line) => ({ ...line, text: line.text.slice(0, MAX_LINE) }))
}

/**
 * `# Title`, `**Title**` or `Title:` alone on a line. Only the first form has levels; the other two rank
 * below all of them.
 */
export function parseHeading(line: TextLine): { level: number; title: string; span: Span } | undefined {
  const [, marks = '', marked] = HEADING.exec(line.text) ?? []
  const title = marked ?? BOLD_HEADING.exec(line.text)?.[1] ?? COLON_HEADING.exec(line.text)?.[1]
  if (title === undefined) return undefined
  const start = line.start + line.text.indexOf(title)
  return { level: marked === undefined ? 7 : marks.length, title, span: { start, end: start + title.length } }
}

/**
 * Checks for a table row: bars around it, or bars between its cells in a table whose header has a line of
 * dashes below it.
 */
export function isPipedRow({ text }: TextLine, next: TextLine | undefined, isInTable: boolean): boolean {
  if (PIPE_ROW.test(text)) return true
  const below = next?.text ?? ''
  const isHeader = below.includes('|') && DIVIDER.test(below)
  return text.includes('|') && (isHeader || isInTable)
}

/** A row of at least three columns with tabs or wide gaps between them. */
export function isAlignedRow({ text }: TextLine): boolean {
  return text.trim().split(/\t+| {2,}/).length >= 3 && !LIST_MARK.test(text)
}

export function splitCells(text: string, line: TextLine): Span[] {
  const cells: Span[] = []
  const separator = line.text.includes('|') ? /\|/ : /\t+| {2,}/
  let start = line.start
  for (const cell of line.text.split(new RegExp(`(${separator.source})`))) {
    if (!separator.test(cell)) cells.push(stripSpan(text, { start, end: start + cell.length }))
    start += cell.length
  }
  if (PIPE_ROW.test(line.text)) return cells.slice(1, -1)
  return line.text.includes('|') ? cells : cells.filter(({ start, end }) => end > start)
}
