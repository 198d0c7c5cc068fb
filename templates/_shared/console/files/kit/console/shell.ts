/** A word as a POSIX shell reads it back: in single quotes where it would take it apart. */
export function quoteShellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** A command as one line, to be pasted into a POSIX shell. */
export function quoteShellCommand(words: readonly string[]): string {
  return words.map(quoteShellWord).join(' ')
}
