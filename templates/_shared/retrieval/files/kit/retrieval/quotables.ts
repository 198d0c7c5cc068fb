import { skipFrontMatter } from '#kit/text/blocks'
import { LIST_MARK } from '#kit/text/lines'
import { findParagraphs, type Paragraph } from '#kit/text/paragraphs'
import { splitSentences } from '#kit/text/sentences'
import { splitUnits } from './terms.ts'

/** A sentence, list item, table row or line of code, word for word; or a lead-in with what it announces. */
export interface Quotable {
  /** One line, or several: a row below its header, a lead-in above its list. */
  text: string
  /** What it is about, besides its own words: the lead-in of a list, the items of a lead-in. */
  about: string
  /** A row of a table: what stands in each column, and above it. */
  cells?: readonly { header: string; text: string }[]
  /** Other quotables that it contains, for a lead-in. */
  parts?: readonly string[]
}

const QUOTE_MARK = /^\s*>\s?/
// HTML, badges, link targets, fences, rules.
const NOT_TEXT = /^\s*(?:<[a-z!/]|\[!\[|!\[|\[[^\]]*\]:|```|~~~|[-=*_|:\s]*$)/i
const DIVIDER = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/
const ANNOUNCES = /[:：][*_`]*$/
const MAX_ANNOUNCED = 12 // lines
const MAX_ITEM = 120 // characters
const MAX_LABEL = 6 // words

/**
 * Lists what can be quoted from a Markdown or plain text, in order. Front matter is about the document and is not part
 * of it. A sentence that ends in a colon, and a bare label, come with the list, table or code below them.
 */
export function listQuotables(text: string, { joinsPronouns = true } = {}): Quotable[] {
  const paragraphs = findParagraphs(text.slice(skipFrontMatter(text))).filter(
    ({ kind }) => kind !== 'heading',
  )
  const units: Quotable[] = []
  let header: readonly string[] = []
  let lead = ''
  for (const [index, paragraph] of paragraphs.entries()) {
    const { kind, lines } = paragraph
    const previous = paragraphs[index - 1]
    if (kind === 'row') {
      const [row = ''] = lines.map((line) => line.text.trim())
      if (previous?.kind !== 'row' || !isAdjacent(previous, paragraph))
        header = DIVIDER.test(nextLine(paragraphs, index)) ? splitRow(row) : []
      if (DIVIDER.test(row) || isHeader(paragraphs, index)) continue
      units.push(readRow(row, header, headerLine(paragraphs, index, header)))
      continue
    }
    const sentences = splitParagraph(paragraph, joinsPronouns)
    const below = kind === 'code' ? [] : listAnnounced(paragraphs, index, sentences.at(-1) ?? '')
    if (below.length === 0 && kind !== 'item' && kind !== 'code') lead = ''
    units.push(
      ...sentences.slice(0, below.length > 0 ? -1 : undefined).map((one) => ({ text: one, about: lead })),
    )
    if (below.length === 0) continue
    lead = sentences.at(-1) ?? ''
    units.push({ text: [lead, ...below].join('\n'), about: '', parts: below })
  }
  return units.filter((one) => splitUnits(one.text).length >= 2)
}

function splitParagraph({ kind, lines }: Paragraph, joinsPronouns: boolean): string[] {
  const shown = lines.map(({ text }) => text).filter((line) => !NOT_TEXT.test(line))
  if (kind === 'code') return shown.map((line) => line.trim())
  const bare = shown.map((line) => line.replace(LIST_MARK, '').replace(QUOTE_MARK, ''))
  const said = bare.join(' ').replaceAll(/\s+/g, ' ').trim()
  // A short item is one thing, whatever it has in it: "Watch the error rate. The limit is 0.4 %."
  if (kind === 'item' && joinsPronouns && said.length <= MAX_ITEM) return said === '' ? [] : [said]
  return splitSentences(said, { joinsPronouns })
}

/** The lines that a lead-in announces: the items, rows or lines of code right below it. */
function listAnnounced(paragraphs: readonly Paragraph[], index: number, last: string): string[] {
  const next = paragraphs[index + 1]
  const own = paragraphs[index]
  if (next === undefined || next.kind === 'prose' || next.kind === 'heading' || own === undefined) return []
  // An item announces what is indented below it; a label has a few words and no full stop.
  if (own.kind === 'item' && (next.kind === 'row' || readIndent(next) <= readIndent(own))) return []
  const isLabel =
    own.kind === 'prose' && !/[.!?。！？]["')*_`]*$|[:,;]/.test(last) && last.split(/\s+/).length <= MAX_LABEL
  if (!ANNOUNCES.test(last) && !(isLabel && next.kind !== 'row')) return []
  const rest = paragraphs.slice(index + 1)
  const end = rest.findIndex(
    (one) => one.kind !== next.kind || (own.kind === 'item' && readIndent(one) <= readIndent(own)),
  )
  const below = rest
    .slice(0, end === -1 ? undefined : end)
    .flatMap(({ lines }) => lines.map(({ text }) => text.trimEnd()))
  return below.filter((line) => line.trim() !== '' && !DIVIDER.test(line)).slice(0, MAX_ANNOUNCED)
}

function readIndent({ lines }: Paragraph): number {
  return /^\s*/.exec(lines[0]?.text ?? '')?.[0].length ?? 0
}

function isAdjacent(above: Paragraph, below: Paragraph): boolean {
  return below.start - above.end <= 2
}

function nextLine(paragraphs: readonly Paragraph[], index: number): string {
  const next = paragraphs[index + 1]
  return next?.kind === 'row' ? (next.lines[0]?.text ?? '') : ''
}

/** Above a line of dashes. */
function isHeader(paragraphs: readonly Paragraph[], index: number): boolean {
  return DIVIDER.test(nextLine(paragraphs, index))
}

/** The line of the header of the table that a row is in; empty when it has none. */
function headerLine(paragraphs: readonly Paragraph[], index: number, header: readonly string[]): string {
  if (header.length === 0) return ''
  for (let above = index - 1; above >= 0; above--)
    if (isHeader(paragraphs, above)) return paragraphs[above]?.lines[0]?.text.trim() ?? ''
  return ''
}

function splitRow(row: string): string[] {
  return row
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())
}

function readRow(row: string, header: readonly string[], line: string): Quotable {
  const cells = splitRow(row).map((text, index) => ({ header: header[index] ?? '', text }))
  return { text: line === '' ? row : `${line}\n${row}`, about: '', cells }
}
