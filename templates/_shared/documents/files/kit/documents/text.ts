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
