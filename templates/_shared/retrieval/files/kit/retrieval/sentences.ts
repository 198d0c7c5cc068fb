import { LIST_MARK } from '#kit/text/lines'
import { findParagraphs, type Paragraph } from '#kit/text/paragraphs'
import { splitSentences } from '#kit/text/sentences'

const QUOTE_MARK = /^\s*>\s?/
// HTML, badges, link targets, fences, rules.
const NOT_TEXT = /^\s*(?:<[a-z!/]|\[!\[|!\[|\[[^\]]*\]:|```|~~~|[-=*_|:\s]*$)/i
const STANDS_ALONE = 7 // words

/**
 * What can be quoted from a text, in order: sentences, list items, table rows and lines of code, word for
 * word, with whitespace collapsed. A sentence of fewer than `standsAlone` words ("There are 19 of them.")
 * says little by itself and stays attached to the one before it.
 */
export function listQuotableSentences(text: string, { standsAlone = STANDS_ALONE } = {}): string[] {
  return findParagraphs(text)
    .flatMap((paragraph) => splitParagraph(paragraph, standsAlone))
    .filter((sentence) => (sentence.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) >= 2)
}

function splitParagraph({ kind, lines }: Paragraph, standsAlone: number): string[] {
  const shown = lines.map(({ text }) => text).filter((line) => !NOT_TEXT.test(line))
  if (kind === 'heading') return []
  if (kind === 'row' || kind === 'code') return shown.map((line) => line.trim())
  const bare = shown.map((line) => line.replace(LIST_MARK, '').replace(QUOTE_MARK, ''))
  return splitSentences(bare.join(' '), { standsAlone })
}
