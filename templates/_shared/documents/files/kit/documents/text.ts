/** Escapes the lines of a plain text that Markdown would read as a heading, a code fence or a table row. */
export function escapeStructure(text: string): string {
  return text.replace(/^[ \t]*(?=#{1,6}(?:\s|$)|`{3}|~{3}|\|)/gm, '\\')
}

/** Formats a code block. Its fence is longer than any in the code, so that the code can't close it. */
export function fenceCode(code: string, language = ''): string {
  const longest = (code.match(/`{3,}/g) ?? []).reduce((longest, ticks) => Math.max(longest, ticks.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${code}\n${fence}`
}

/** Formats rows as a Markdown table, the first as its header. Short rows are filled with empty cells. */
export function writeMarkdownTable(rows: readonly (readonly string[])[]): string {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  if (width === 0) return ''
  const write = (row: readonly string[]) => {
    const cells = Array.from({ length: width }, (_, column) => row[column] ?? '')
    return `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').trim().replaceAll('|', '\\|')).join(' | ')} |`
  }
  const [header = [], ...body] = rows
  return [write(header), `|${' --- |'.repeat(width)}`, ...body.map(write)].join('\n')
}
