import type { Span } from '#kit/text/lines'
import { findSentences } from '#kit/text/sentences'

export type { Span }

/** Strips the spaces, quotes and Markdown marks around a span, and the comma that ends a line of JSON. */
export function stripSpan(text: string, { start, end }: Span): Span {
  const value = text.slice(start, end)
  const before = /^[\s"'*_`]*/.exec(value)?.[0].length ?? 0
  const after = /[\s"'*_`]*,?\s*$/.exec(value.slice(before))?.[0].length ?? 0
  return { start: start + before, end: end - after }
}

/** Finds the sentences of a paragraph and strips the marks around them. */
export function findTrimmedSentences(text: string, paragraph: Span): Span[] {
  return findSentences(text, paragraph)
    .map((sentence) => stripSpan(text, sentence))
    .filter(({ start, end }) => end > start)
}
