import { type Block, findBlocks } from './blocks.ts'
import { FENCE, LIST_MARK, type Span, type TextLine } from './lines.ts'

/**
 * A unit that holds whole sentences: a heading, a paragraph of prose or of a list item,
 * a table row, or a line of code.
 */
export interface Paragraph extends Span {
  kind: 'heading' | 'prose' | 'item' | 'row' | 'code'
  lines: readonly TextLine[]
}

/** A quoted line or a log entry doesn't continue the line above. */
const OWN_LINE = /^\s*(?:>|\[?\d{1,4}[-:/]\d{2})/

/**
 * Finds the paragraphs of a Markdown or plain text, in order.
 * Spans include the marks of lists and headings; code fences are left out.
 */
export function findParagraphs(text: string): Paragraph[] {
  return findBlocks(text).flatMap((block) => splitBlock(text, block))
}

function splitBlock(text: string, { kind, lines }: Block): Paragraph[] {
  switch (kind) {
    case 'heading':
      return [toParagraph('heading', lines)]
    case 'code':
      return lines.filter((line) => !isFence(line, lines)).map((line) => toParagraph('code', [line]))
    case 'table':
      return lines.map((line) => toParagraph('row', [line]))
    case 'list':
      return group(text, lines, LIST_MARK).map((item) => toParagraph('item', item))
    case 'prose':
      return group(text, lines, OWN_LINE).map((prose) => toParagraph('prose', prose))
    default:
      return kind satisfies never
  }
}

function toParagraph(kind: Paragraph['kind'], lines: readonly TextLine[]): Paragraph {
  return { kind, lines, start: lines[0]?.start ?? 0, end: lines.at(-1)?.end ?? 0 }
}

function isFence(line: TextLine, lines: readonly TextLine[]): boolean {
  return (line === lines[0] || line === lines.at(-1)) && FENCE.test(line.text)
}

/** Groups lines. A line that matches `starts`, or that follows a blank line, begins a new group. */
function group(text: string, lines: readonly TextLine[], starts: RegExp): TextLine[][] {
  const groups: TextLine[][] = []
  for (const line of lines) {
    const last = groups.at(-1)
    const above = last?.at(-1)
    const isBelow = above !== undefined && /^(?:\r\n?|\n)$/.test(text.slice(above.end, line.start))
    if (last !== undefined && isBelow && !starts.test(line.text)) last.push(line)
    else groups.push([line])
  }
  return groups
}
