/** Quotes a word for a POSIX shell, if it needs quotes. */
export function quoteShellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Formats a command that you can paste into a POSIX shell. */
export function quoteShellCommand(words: readonly string[]): string {
  return words.map(quoteShellWord).join(' ')
}
