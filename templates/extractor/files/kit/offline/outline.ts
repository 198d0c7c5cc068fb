import { FENCE, LIST_MARK, RULE, type TextLine } from '#kit/text/lines'
import {
  blankComments,
  DIVIDER,
  isAlignedRow,
  isPipedRow,
  parseHeading,
  splitCells,
  splitCutLines,
} from './lines.ts'
import { findTrimmedSentences, type Span, stripSpan } from './spans.ts'

/** "Severity: SEV-2", a row of a table with two columns, or a heading over its text. */
export interface Pair {
  label: string
  value: Span
  /** The value is the prose under a heading, not a cell or the rest of a line. */
  isProse: boolean
  /** Headings above it, nearest last. */
  section: readonly string[]
}

export interface Table {
  headers: readonly string[]
  rows: readonly (readonly Span[])[]
  section: readonly string[]
}

/** List items, or the sentences of a paragraph. */
export interface Group {
  spans: readonly Span[]
  section: readonly string[]
}

/** How a document is laid out. It may be Markdown, a mail, a ticket, YAML or plain text. */
export interface Outline {
  text: string
  headings: readonly Span[]
  pairs: readonly Pair[]
  tables: readonly Table[]
  lists: readonly Group[]
  paragraphs: readonly Group[]
}

const PAIR =
  /^[\s>]*(?:(?:[-*+•]|\d{1,3}[.)])\s+)?["'*_]*([\p{L}][\p{L}\p{N} _/#%.()'’&-]{0,48}?)["'*_]*(?:\s*:["'*_]*(?=\s|$)|\s*=(?!=)| {2,}|\t+)["'*_]*\s*/u

/** Reads the layout in one pass. Nothing is changed: every span is a stretch of `text`. */
export function readOutline(text: string): Outline {
  const shown = blankComments(text)
  const reader = new OutlineReader(shown)
  const lines = splitCutLines(shown)
  for (const [index, line] of lines.entries()) reader.read(line, lines[index + 1])
  return { ...reader.end(), text }
}

class OutlineReader {
  readonly headings: Span[] = []
  readonly pairs: Pair[] = []
  readonly tables: Table[] = []
  readonly lists: Group[] = []
  readonly paragraphs: Group[] = []
  readonly #text: string
  #section: { level: number; title: string }[] = []
  /** The heading that has no text under it yet. */
  #openHeading: string | undefined
  #paragraph: TextLine[] = []
  #items: { indent: number; span: Span }[] = []
  #rows: Span[][] = []
  #inCode = false

  constructor(text: string) {
    this.#text = text
  }

  read(line: TextLine, next: TextLine | undefined): void {
    if (FENCE.test(line.text)) {
      this.#flush()
      this.#inCode = !this.#inCode
      return
    }
    const heading = parseHeading(line)
    // Code in a document shows syntax, not facts.
    if (this.#inCode) return
    if (line.text.trim() === '' || RULE.test(line.text)) this.#flush()
    else if (isPipedRow(line, next, this.#rows.length > 0) || isAlignedRow(line)) this.#addRow(line)
    else if (heading !== undefined) this.#addHeading(heading)
    else this.#addTextLine(line)
  }

  end() {
    this.#flush()
    const { headings, pairs, tables, lists, paragraphs } = this
    return { headings, pairs, tables, lists, paragraphs }
  }

  #addHeading({ level, title, span }: { level: number; title: string; span: Span }): void {
    this.#flush()
    if (level < 7) this.headings.push(span)
    this.#section = [...this.#section.filter((above) => above.level < level), { level, title }]
    this.#openHeading = title
  }

  #addTextLine(line: TextLine): void {
    const isPair = this.#addPairs(line)
    const isAlone = isPair && this.#items.length === 0 && !LIST_MARK.test(line.text)
    // Lines of a form are not the lines of one sentence.
    if (isAlone) this.#flush()
    this.#addProse(line)
    if (isAlone) this.#flush()
  }

  #addProse(line: TextLine): void {
    const indent = LIST_MARK.exec(line.text)?.[1]?.length
    const last = this.#items.at(-1)
    if (indent !== undefined && (last === undefined || indent <= last.indent + 1)) {
      if (last === undefined) this.#startList()
      this.#items.push({
        indent,
        span: stripSpan(this.#text, {
          ...line,
          start: line.start + (LIST_MARK.exec(line.text)?.[0].length ?? 0),
        }),
      })
      return
    }
    if (last !== undefined && (indent !== undefined || /^\s/.test(line.text))) {
      last.span = { ...last.span, end: line.end }
      return
    }
    if (last !== undefined) this.#flush()
    this.#paragraph.push(line)
  }

  /** "Next steps" right above a list is its heading, marked or not. */
  #startList(): void {
    const [only, ...others] = this.#paragraph
    const title = only?.text.trim() ?? ''
    const isTitle = others.length === 0 && /^\p{L}[\p{L} -]{1,40}$/u.test(title)
    if (only !== undefined && isTitle) {
      this.#paragraph = []
      this.#addHeading({ level: 7, title, span: only })
    }
    this.#flush()
  }

  #addRow(line: TextLine): void {
    if (this.#rows.length === 0) this.#flush()
    if (!DIVIDER.test(line.text)) this.#rows.push(splitCells(this.#text, line))
  }

  /** Adds the pairs of a line and returns whether it has any. */
  #addPairs(line: TextLine): boolean {
    const before = this.pairs.length
    let offset = 0
    // "Severity: SEV-2 | Status: resolved" has two pairs.
    for (const part of line.text.split(/(\s[|·]\s)/)) {
      const match = PAIR.exec(part)
      const start = line.start + offset
      offset += part.length
      const label = match?.[1]?.trim()
      if (match === null || label === undefined || label.split(/\s+/).length > 6) continue
      const value = stripSpan(this.#text, { start: start + match[0].length, end: start + part.length })
      if (value.end > value.start)
        this.pairs.push({ label, value, isProse: false, section: this.#listTitles() })
    }
    return this.pairs.length > before
  }

  #flush(): void {
    this.#flushRows()
    const section = this.#listTitles()
    const spans = this.#items.map(({ span }) => span)
    if (spans.length > 0) this.lists.push({ spans, section })
    const sentences = this.#findSentences()
    if (sentences.length > 0) this.paragraphs.push({ spans: sentences, section })
    const [first] = sentences
    if (first !== undefined && this.#openHeading !== undefined) {
      const value = { start: first.start, end: sentences.at(-1)?.end ?? first.end }
      this.pairs.push({ label: this.#openHeading, value, isProse: true, section: section.slice(0, -1) })
    }
    if (spans.length + sentences.length > 0) this.#openHeading = undefined
    this.#items = []
    this.#paragraph = []
  }

  #flushRows(): void {
    const [headers, ...rows] = this.#rows
    this.#rows = []
    if (headers === undefined) return
    const section = this.#listTitles()
    const words = headers.map((cell) => this.#text.slice(cell.start, cell.end).replaceAll(/[*_`]/g, ''))
    if (rows.length > 0) this.tables.push({ headers: words, rows, section })
    for (const [label, value, more] of [headers, ...rows]) {
      if (label === undefined || value === undefined || more !== undefined || value.end === value.start)
        continue
      const words = this.#text.slice(label.start, label.end).replaceAll(/[*_`:]/g, '')
      this.pairs.push({ label: words, value, isProse: false, section })
    }
  }

  #findSentences(): Span[] {
    const [first, last] = [this.#paragraph[0], this.#paragraph.at(-1)]
    if (first === undefined || last === undefined) return []
    return findTrimmedSentences(this.#text, { start: first.start, end: last.end })
  }

  #listTitles(): string[] {
    return this.#section.map(({ title }) => title)
  }
}
