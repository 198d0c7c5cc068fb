/**
 * A pattern for the start of a line that opens a code block: indentation with quote and
 * list marks, then the fence.
 */
export const FENCE = '^[ \\t>]*(?:(?:[-*+]|\\d{1,9}[.)])[ \\t]+)?(?:`{3,}(?=[^`\\n]*$)|~{3,})'

const MAX_TICKS = 80
const CLOSING = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/
const BLANK_LINE = /\n[ \t>]*(?:\n|$)/g

/** Returns where the line that contains `at` ends: at its line break, or at the end of the text. */
export function findLineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

/**
 * Returns where the paragraph that contains `at` ends: at the line break before a blank line,
 * or at the end of the text.
 */
export function findParagraphEnd(text: string, at: number): number {
  BLANK_LINE.lastIndex = at
  return BLANK_LINE.exec(text)?.index ?? text.length
}

/**
 * Returns where the code block ends that starts at `at` with `opening`, a match of `FENCE`.
 * It ends after its closing fence, at the end of the quote or list item that contains it, or with the text.
 * A fence indented by four or more columns counts as part of a list item, so a line that is indented less
 * ends the block: outside of a list item, the fence would open no code block.
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

/**
 * Returns where the code span ends that `count` backticks at `at` open: after the next run of as many
 * backticks before `limit`, or undefined if there is none.
 */
export function codeSpanEnd(text: string, at: number, count: number, limit: number): number | undefined {
  if (count > MAX_TICKS) return undefined
  const runs = /`+/g
  runs.lastIndex = at + count
  for (let run = runs.exec(text); run !== null && run.index < limit; run = runs.exec(text))
    if (run[0].length === count) return runs.lastIndex
  return undefined
}
