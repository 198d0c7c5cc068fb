import { type Block, sectionsOf } from './markdown.ts'

const MARKER = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/
const QUOTE_MARK = /^\s*>\s?/
const OWN_LINE = /^\s*(?:>|\d{4}-\d{2}-\d{2})/ // a quoted line or a log entry is no continuation of the line above
const NOT_TEXT = /^\s*(?:<[a-z!/]|\[!\[|!\[|\[[^\]]*\]:|```|~~~|[-=*_|:\s]*$)/i // HTML, badges, link targets, fences, rules
// Unicode's rules see the end of a sentence after these; English does not.
const ABBREVIATION = /(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|St|vs|No|approx|e\.g|i\.e|etc|[A-Z])\.\s*$|(?:\.{2,}|…)\s*$/
const STANDS_ALONE = 7 // words
// The segmenter takes time in proportion to the square of a long text, so it gets windows that end with a sentence.
const WINDOW = /.{1,8000}(?<=[.!?]\s|$)|.{1,8000}/gsu
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

/**
 * What can be quoted from a text, in its order: sentences, list items, table rows and lines of code, word for word, whitespace collapsed.
 * A sentence of fewer words than `standsAlone` ("There are 19 of them.") says little without the one before it, and stays with that.
 */
export function sentencesOf(text: string, { standsAlone = STANDS_ALONE } = {}): string[] {
  return sectionsOf(text)
    .flatMap(({ blocks }) => blocks.flatMap((block) => sentencesIn(block, standsAlone)))
    .filter((sentence) => (sentence.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) >= 2)
}

function sentencesIn({ kind, lines }: Block, standsAlone: number): string[] {
  const shown = lines.filter((line) => !NOT_TEXT.test(line))
  switch (kind) {
    case 'code':
    case 'table':
      return shown.map((line) => line.trim())
    case 'list':
      return joined(shown, MARKER).flatMap((text) => splitSentences(text, standsAlone))
    case 'prose':
      return joined(shown, OWN_LINE).flatMap((text) => splitSentences(text, standsAlone))
    default:
      return kind satisfies never
  }
}

/** Lines put together again that an editor wrapped; a line that `starts` something begins the next text. */
function joined(lines: readonly string[], starts: RegExp): string[] {
  const texts: string[] = []
  for (const line of lines) {
    const text = line.replace(MARKER, '').replace(QUOTE_MARK, '').replaceAll(/\s+/g, ' ').trim()
    if (texts.length === 0 || starts.test(line)) texts.push(text)
    else texts[texts.length - 1] += ` ${text}`
  }
  return texts
}

function splitSentences(text: string, standsAlone: number): string[] {
  const sentences: string[] = []
  for (const window of text.match(WINDOW) ?? []) {
    for (const { segment } of segmenter.segment(window)) {
      const previous = sentences.at(-1)
      const isShort = segment.trim().split(' ').length < standsAlone
      if (previous !== undefined && (isShort || ABBREVIATION.test(previous.slice(-12))))
        sentences[sentences.length - 1] = previous + segment
      else sentences.push(segment)
    }
  }
  return sentences.map((sentence) => sentence.trim())
}
