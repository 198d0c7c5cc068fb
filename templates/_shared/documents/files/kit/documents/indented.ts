/** Removes the indentation that all lines share, and blank lines around them. */
export function dedentLines(lines: readonly string[]): string[] {
  const filled = lines.filter((line) => line.trim() !== '')
  const least = filled.reduce((least, line) => Math.min(least, getIndent(line)), Number.POSITIVE_INFINITY)
  const first = lines.findIndex((line) => line.trim() !== '')
  const last = lines.findLastIndex((line) => line.trim() !== '')
  return first < 0 ? [] : lines.slice(first, last + 1).map((line) => line.slice(least))
}

export function getIndent(line: string): number {
  return line.length - line.trimStart().length
}

/** Returns the index after the lines that are blank or indented deeper than `indent`, from `start` on. */
export function findIndentEnd(lines: readonly string[], start: number, indent: number): number {
  let end = start
  while (end < lines.length && (lines[end]?.trim() === '' || getIndent(lines[end] ?? '') > indent)) end += 1
  while (end > start && lines[end - 1]?.trim() === '') end -= 1
  return end
}

/** Writes an admonition as Markdown: its name before its text, as a reader sees it. */
export function writeAdmonition(name: string, body: string): string {
  const label = `${name.charAt(0).toUpperCase()}${name.slice(1).toLowerCase()}`
  return /^(?:[-*+] |\d+[.)] |#|\||`{3})/.test(body) ? `${label}:\n\n${body}` : `${label}: ${body}`
}
