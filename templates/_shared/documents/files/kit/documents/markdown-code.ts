/** The start of a line that opens a code block: its indentation with quote and list marks, then the fence. */
export const FENCE = '^[ \\t>]*(?:(?:[-*+]|\\d{1,9}[.)])[ \\t]+)?(?:`{3,}(?=[^`\\n]*$)|~{3,})'

const MAX_TICKS = 80
const CLOSING = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/
const BLANK_LINE = /\n[ \t>]*(?:\n|$)/g

/** Where the line that `at` is in ends: at its line break, or at the end of the text. */
export function findLineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

/** Where the paragraph that `at` is in ends: at the line break before a blank line, or at the end of the text. */
export function findParagraphEnd(text: string, at: number): number {
  BLANK_LINE.lastIndex = at
  return BLANK_LINE.exec(text)?.index ?? text.length
}

/**
 * Where the code block ends that `opening`, a match of `FENCE` at `at`, begins: after its closing fence, where the quote or list item that it is in ends, or with the
 * text. What is indented by four or more may be in a list item; outside of one it would be no code block, and what follows no code.
 */
export function codeBlockEnd(text: string, at: number, opening: string): number {
  const marks = opening.trim().replace(/^[^`~]+/, '')
  const before = opening.slice(0, opening.lastIndexOf(marks))
  for (let start = findLineEnd(text, at) + 1; start <= text.length; start = findLineEnd(text, start) + 1) {
    const line = text.slice(start, findLineEnd(text, start))
    const closing = CLOSING.exec(line)?.[1]
    if (closing?.startsWith(marks)) return start + line.length
    if (isOutsideBlock(line, before)) return start - 1
  }
  return text.length
}

function isOutsideBlock(line: string, before: string): boolean {
  if (line.trim() === '') return false
  if (before.includes('>')) return !/^[ \t]*>/.test(line)
  const columns = measureIndent(before)
  return columns >= 4 || /\S/.test(before) ? measureIndent(/^[ \t]*/.exec(line)?.[0] ?? '') < columns : false
}

function measureIndent(indent: string): number {
  return indent.replaceAll('\t', '    ').length
}

/** Where the code span ends that `count` backticks at `at` begin: after as many, in the same paragraph; undefined when there are none. */
export function codeSpanEnd(text: string, at: number, count: number, limit: number): number | undefined {
  if (count > MAX_TICKS) return undefined
  const runs = /`+/g
  runs.lastIndex = at + count
  for (let run = runs.exec(text); run !== null && run.index < limit; run = runs.exec(text))
    if (run[0].length === count) return runs.lastIndex
  return undefined
}
