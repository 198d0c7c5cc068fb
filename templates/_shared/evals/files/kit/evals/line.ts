/** One line without control characters: output of a model reaches terminals and job summaries. */
export function toPrintableLine(text: string, maxLength = 300): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean
}

/** As code, in which markdown and HTML from a model's output mean nothing: no link, no image. */
export function formatCode(text: string, maxLength?: number): string {
  return text === '' ? '' : `\`${toPrintableLine(text, maxLength).replaceAll('`', "'")}\``
}
