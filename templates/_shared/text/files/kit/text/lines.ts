/** A range of a text in UTF-16 code units: `text.slice(start, end)`. */
export interface Span {
  start: number
  end: number
}

/** A line without its line break, and its position. */
export interface TextLine extends Span {
  text: string
}

export const FENCE = /^\s*(`{3,}|~{3,})/
export const TABLE_ROW = /^\s*\|/
/** The mark of a list item. Its first group is the indentation. */
export const LIST_MARK = /^(\s*)(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/
/** A horizontal rule. */
export const RULE = /^\s*([-*_=])(?:\s*\1){2,}\s*$/
/** `# Title`. Its groups are the marks and the title. */
export const HEADING = /^ {0,3}(#{1,6})\s+(.{1,300}?)\s*#*\s*$/

/** Splits a text at LF, CRLF and CR. */
export function splitLines(text: string): TextLine[] {
  const lines: TextLine[] = []
  let start = 0
  for (const { 0: lineBreak, index } of text.matchAll(/\r\n?|\n/g)) {
    lines.push({ text: text.slice(start, index), start, end: index })
    start = index + lineBreak.length
  }
  return [...lines, { text: text.slice(start), start, end: text.length }]
}
