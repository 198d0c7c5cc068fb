/**
 * Folds one UTF-16 unit to its plain spelling: spaces and line breaks become ' ', typographic quotes and
 * dashes become ASCII, invisible characters become ''. Every other unit stays.
 */
export function foldUnit(unit: string): string {
  if (unit > ' ' && unit < '\u007f') return unit
  if (/\s/.test(unit)) return ' '
  return FOLDS[unit] ?? unit
}

const FOLDS: Readonly<Record<string, string>> = Object.fromEntries([
  ...[...'‘’‚‛'].map((unit) => [unit, "'"]),
  ...[...'“”„‟«»'].map((unit) => [unit, '"']),
  ...[...'‐‑‒–—―−'].map((unit) => [unit, '-']),
  ...[...'\u200b\ufeff\u00ad'].map((unit) => [unit, '']),
])

/** For comparing choices: "SEV-1" is `sev1`, "In progress" is `inprogress`. */
export function keepLetters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** For comparing wording: letter case and Markdown marks don't count. */
export function removeMarks(text: string): string {
  const unmarked = text.replaceAll(/\[([^\]]{1,300})\]\([^)]{0,1000}\)/g, '$1').replaceAll(/[*`_]/g, '')
  return unmarked.normalize('NFKC').toLowerCase()
}

export function keepDigits(text: string): string {
  return text.replaceAll(/\D/g, '')
}

/** Reads a short answer to a yes-or-no question. undefined: it is neither. */
export function readBoolean(text: string): boolean | undefined {
  const start = text
    .toLowerCase()
    .replace(/^.*[:=|]\s*(?=\S)/s, '')
    .trim()
  if (/^(?:yes|y|true|confirmed|\[x\]|✓|✔|✅)(?![\p{L}\p{N}])/u.test(start)) return true
  return /^(?:no|none|n|false|\[ \]|✗|✘|❌)(?![\p{L}\p{N}])/u.test(start) ? false : undefined
}
