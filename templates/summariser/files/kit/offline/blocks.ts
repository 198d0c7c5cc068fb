import { LIST_MARK, RULE, type TextLine } from '#kit/text/lines'
import { findParagraphs } from '#kit/text/paragraphs'

const MAIL_HEADER = /^(?:From|To|Cc|Bcc|Date|Sent|Subject|Message-ID|Reply-To|In-Reply-To):\s/i
const MAIL_ATTRIBUTION = /^On .+ wrote:\s*$/
const MAIL_SIGNATURE = /^--\s?$/
const QUOTED = /^[\s>]*>[\s>]*/
/** Lines of a paragraph that hold no prose: rules, link definitions. */
const NOT_PROSE = [RULE, /^\s{0,3}\[[^\]]{1,200}\]:/]
const SHORT_LINE = 0.6 // of the longest line: a paragraph that was wrapped by an editor has no shorter line but its last
const MAX_LINE = 1_000 // characters: the layout of a line is in its beginning

/**
 * Splits a plain-text, Markdown or mail document into its prose in order, one text for each paragraph, list
 * item or line of a log, whitespace collapsed, without HTML tags and the marks of Markdown for emphasis,
 * links and images. Left out: headings, code, tables, rules, link definitions, front matter, comments; in
 * mail also headers, signatures and quoted text.
 */
export function splitProse(document: string): string[] {
  const shown = document.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, ' ')
  return findParagraphs(stripMail(shown))
    .filter(({ kind }) => kind === 'prose' || kind === 'item')
    .flatMap(({ lines }) => splitRecords(lines))
    .map((lines) => stripInlineMarks(lines.join(' ').replace(LIST_MARK, '')).replaceAll(/\s+/g, ' ').trim())
    .filter((text) => text !== '')
}

/**
 * Strips headers, signatures and quoted text from a mail; in any other document, strips only the quote marks.
 */
function stripMail(text: string): string {
  const lines = text.split(/\r\n?|\n/)
  const has = (header: RegExp) => lines.some((line) => header.test(line))
  if (!has(/^From:\s/) || !has(/^(?:To|Date|Sent|Subject):\s/))
    return lines.map((line) => line.replace(QUOTED, '')).join('\n')
  let inSignature = false
  const kept = lines.flatMap((line) => {
    const start = line.slice(0, MAX_LINE)
    const isHeader = MAIL_HEADER.test(start)
    if (isHeader) inSignature = false
    else if (MAIL_SIGNATURE.test(start)) inSignature = true
    if (QUOTED.test(start)) return []
    return isHeader || inSignature || MAIL_ATTRIBUTION.test(start) ? [''] : [line]
  })
  return kept.join('\n')
}

/**
 * Drops rules and link definitions, and splits a paragraph whose lines are separate records, as in a poem or
 * an address.
 */
function splitRecords(lines: readonly TextLine[]): string[][] {
  const records: string[][] = []
  let longest = 0
  let goesOn = false
  for (const { text } of lines) {
    const start = text.slice(0, MAX_LINE)
    const isProse = !NOT_PROSE.some((pattern) => pattern.test(start))
    const above = goesOn ? records.at(-1) : undefined
    const previous = above?.at(-1)
    longest = previous === undefined ? 0 : Math.max(longest, previous.length, text.length)
    goesOn = isProse
    if (!isProse) continue
    if (above && previous !== undefined && !isRecordStart(start, previous, longest)) above.push(text)
    else records.push([text])
  }
  return records
}

function isRecordStart(line: string, previous: string, longest: number): boolean {
  return (
    previous.length < longest * SHORT_LINE && /^\s*[\p{Lu}\p{N}]/u.test(line) && !/[,;]\s*$/.test(previous)
  )
}

/**
 * Strips inline HTML and Markdown: a sentence may begin inside bold text and end outside it. Patterns are
 * bounded, since a document may be one long line.
 */
function stripInlineMarks(text: string): string {
  return text
    .replaceAll(/<\/?[a-z][^<>]{0,500}>/gi, ' ')
    .replaceAll(/!\[[^\]]{0,500}\][([][^)\]]{0,2000}[)\]]/g, '')
    .replaceAll(/\[([^\]]{0,500})\](?:\([^)]{0,2000}\)|\[[^\]]{0,200}\])/g, '$1')
    .replaceAll(/(\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1/g, '$2')
}
