/** A stretch of the document, in UTF-16 units. */
export interface Span {
  start: number
  end: number
}

export interface Line extends Span {
  text: string
}

const MAX_LINE = 2_000 // characters: a longer line is prose, and its layout is in its beginning

/** Comments do not show when the document is read, so they do not count; their length is kept. */
export function withoutComments(text: string): string {
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

export function* linesOf(text: string): Generator<Line> {
  let start = 0
  for (const line of text.split('\n')) {
    const length = line.endsWith('\r') ? line.length - 1 : line.length
    yield { text: line.slice(0, Math.min(length, MAX_LINE)), start, end: start + length }
    start += line.length + 1
  }
}

/** A row of a table with bars around it. */
export const PIPE_ROW = /^\s*\|.*\|\s*$/

export function cellsOf(text: string, line: Line): Span[] {
  const cells: Span[] = []
  const separator = line.text.includes('|') ? /\|/ : /\t+| {2,}/
  let start = line.start
  for (const cell of line.text.split(new RegExp(`(${separator.source})`))) {
    if (!separator.test(cell)) cells.push(trimmed(text, { start, end: start + cell.length }))
    start += cell.length
  }
  if (PIPE_ROW.test(line.text)) return cells.slice(1, -1)
  return line.text.includes('|') ? cells : cells.filter(({ start, end }) => end > start)
}

/** Without the spaces, quotes and Markdown marks around it, and the comma of a line of JSON. */
export function trimmed(text: string, { start, end }: Span): Span {
  const value = text.slice(start, end)
  const before = /^[\s"'*_`]*/.exec(value)?.[0].length ?? 0
  const after = /[\s"'*_`]*,?\s*$/.exec(value.slice(before))?.[0].length ?? 0
  return { start: start + before, end: end - after }
}

const WINDOW = 8_000 // the segmenter takes time in proportion to the square of a long text
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

export function sentencesIn(text: string, { start, end }: Span): Span[] {
  const spans: Span[] = []
  for (let from = start; from < end; from += WINDOW) {
    // A line break inside a paragraph does not end a sentence.
    const window = text.slice(from, Math.min(end, from + WINDOW)).replaceAll(/[\r\n]/g, ' ')
    for (const { segment, index } of segmenter.segment(window)) {
      const last = spans.at(-1)
      // "[MIT](./LICENSE)" is no place to end.
      if (last && index > 0 && !/\s/.test(window[index - 1] ?? '')) {
        last.end = trimmed(text, { start: last.start, end: from + index + segment.length }).end
        continue
      }
      const span = trimmed(text, { start: from + index, end: from + index + segment.length })
      if (span.end > span.start) spans.push(span)
    }
  }
  return spans
}
