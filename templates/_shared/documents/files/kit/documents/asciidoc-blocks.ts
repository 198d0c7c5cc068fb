import { stripAsciidocMarks } from './asciidoc-marks.ts'
import { readCells } from './cells.ts'
import { writeAdmonition } from './indented.ts'
import { fenceCode, writeMarkdownTable } from './text.ts'

const DELIMITERS = [
  ['comment', /^\/{4,}$/],
  ['code', /^(?:-{4,}|\.{4,}|`{3,}\S*)$/],
  ['raw', /^\+{4,}$/],
  ['table', /^[|,;:!]={3,}$/],
  ['open', /^(?:={4,}|\*{4,}|_{4,}|--)$/],
] as const

export type DelimitedKind = (typeof DELIMITERS)[number][0]

export function findDelimiter(line: string): DelimitedKind | undefined {
  return DELIMITERS.find(([, pattern]) => pattern.test(line))?.[0]
}

/** Reads the block that a delimiter opens; without its other end, it goes to the end of the text. */
export function readDelimited(
  kind: DelimitedKind,
  lines: readonly string[],
  at: number,
  attributes: string,
  nested: (lines: readonly string[]) => string,
): { text: string; end: number } {
  const opening = lines[at] ?? ''
  const delimiter = opening.startsWith('```') ? '```' : opening
  const close = lines.indexOf(delimiter, at + 1)
  const body = lines.slice(at + 1, close < 0 ? lines.length : close)
  const end = close < 0 ? lines.length : close + 1
  return { text: writeDelimited(kind, opening, body, attributes, nested), end }
}

function writeDelimited(
  kind: DelimitedKind,
  opening: string,
  body: readonly string[],
  attributes: string,
  nested: (lines: readonly string[]) => string,
): string {
  const name = /^,(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\b/.exec(attributes)?.[1]
  switch (kind) {
    case 'comment':
    case 'raw':
      return ''
    case 'code':
      return fenceCode(stripCallouts(body), findLanguage(opening, attributes))
    case 'table':
      return readTable(opening, body, attributes)
    case 'open':
      return name === undefined ? nested(body) : writeAdmonition(name, nested(body))
    default:
      return kind satisfies never
  }
}

function findLanguage(opening: string, attributes: string): string {
  return (
    opening.slice(3).replace(/^[-.`]+/, '') || (/,source(?:%\w+)*,\s*([\w+#-]+)/.exec(attributes)?.[1] ?? '')
  )
}

function stripCallouts(lines: readonly string[]): string {
  return lines.join('\n').replace(/[ \t]*(?:\/\/|#|--|;;)?[ \t]*(?:<(?:\d+|\.)>[ \t]*)+$/gm, '')
}

function readTable(opening: string, body: readonly string[], attributes: string): string {
  if (opening.startsWith(',')) return readCells(body.join('\n'), ',')
  if (/format="?csv/.test(attributes)) return readCells(body.join('\n'), ',')
  const lines = body.filter((line) => line !== '' && !line.startsWith('//'))
  const cells = lines.flatMap((line) => splitTableLine(line))
  const width = countColumns(attributes) ?? splitTableLine(lines[0] ?? '').length
  const joined: string[] = []
  for (const { starts, text } of cells) {
    if (starts || joined.length === 0) joined.push(text)
    else joined.push(`${joined.pop() ?? ''} ${text}`.trim())
  }
  const rows: string[][] = []
  for (let at = 0; width > 0 && at < joined.length; at += width)
    rows.push(joined.slice(at, at + width).map(stripAsciidocMarks))
  return writeMarkdownTable(rows)
}

/** A line of a table: what stands before the first bar belongs to the cell above. */
function splitTableLine(line: string): { starts: boolean; text: string }[] {
  const [before = '', ...cells] = line.split(
    /(?<!\\)(?:(?:^|(?<=\s))(?:\d+(?:\.\d+)?[+*])?[<^>]?(?:\.[<^>])?[adehlmsv]?)?\|/,
  )
  const texts = cells.map((text) => ({ starts: true, text: text.replace(/\\\|/g, '|').trim() }))
  return before.trim() === '' ? texts : [{ starts: false, text: before.trim() }, ...texts]
}

function countColumns(attributes: string): number | undefined {
  const [, quoted, bare] = /cols=(?:"([^"]*)"|([^,]*))/.exec(attributes) ?? []
  const specification = quoted ?? bare
  if (specification === undefined || specification === '') return undefined
  return specification
    .split(/[,;]/)
    .reduce((sum, column) => sum + Number(/^\s*(\d{1,3})\*/.exec(column)?.[1] ?? 1), 0)
}
