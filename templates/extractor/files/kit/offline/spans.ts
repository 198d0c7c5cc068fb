/** A stretch of the document, in UTF-16 units. */
export interface Span {
  start: number
  end: number
}

/** Without the spaces, quotes and Markdown marks around it, and the comma of a line of JSON. */
export function trimmed(text: string, { start, end }: Span): Span {
  const value = text.slice(start, end)
  const before = /^[\s"'*_`]*/.exec(value)?.[0].length ?? 0
  const after = /[\s"'*_`]*,?\s*$/.exec(value.slice(before))?.[0].length ?? 0
  return { start: start + before, end: end - after }
}

const WINDOW = 8_000 // the segmenter takes time in proportion to the square of a long text
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

export function sentencesIn(text: string, { start, end }: Span): Span[] {
  const spans: Span[] = []
  for (let from = start; from < end; from += WINDOW) {
    // A line break inside a paragraph does not end a sentence.
    const window = text.slice(from, Math.min(end, from + WINDOW)).replaceAll(/[\r\n]/g, ' ')
    for (const { segment, index } of segmenter.segment(window)) {
      const last = spans.at(-1)
      // "[MIT](./LICENSE)" is no place to end.
      if (last && index > 0 && !/\s/.test(window[index - 1] ?? '')) {
        last.end = trimmed(text, { start: last.start, end: from + index + segment.length }).end
        continue
      }
      const span = trimmed(text, { start: from + index, end: from + index + segment.length })
      if (span.end > span.start) spans.push(span)
    }
  }
  return spans
}
