import { FENCE, HEADING, LIST_MARK, type Span, splitLines, TABLE_ROW, type TextLine } from './lines.ts'

/**
 * Whole lines that belong together: a heading, a paragraph, a list with all its items, fenced code with its
 * fences, or a table. Front matter counts as code.
 */
export interface Block extends Span {
  kind: 'heading' | 'prose' | 'list' | 'code' | 'table'
  lines: readonly TextLine[]
  /** A heading's text, without the marks of emphasis, code and links, and its level from 1. */
  heading?: { level: number; title: string }
}

const UNDERLINE = /^ {0,3}(=+|-{2,})\s*$/
const MAIL_SIGNATURE = '-- '
const MAX_HEADING_LINE = 400 // characters; a longer line is text, whatever it starts with

/**
 * Finds the blocks of a Markdown or plain text in one pass. Blank lines belong to no block, except in code.
 */
export function findBlocks(text: string): Block[] {
  const lines = splitLines(text)
  const start = findFrontMatterEnd(lines.map((line) => line.text))
  const reader = new BlockReader(lines.slice(0, start))
  const rows = findLooseRows(lines)
  for (const line of lines.slice(start)) reader.read(line, rows.has(line))
  return reader.end()
}

const DIVIDER = /^\s*:?-{2,}:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$/

/** The lines of tables without outer bars: a line of dashes with bars between, the header above it, and what follows. */
function findLooseRows(lines: readonly TextLine[]): ReadonlySet<TextLine> {
  const rows = new Set<TextLine>()
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1]
    if (above === undefined || !above.text.includes('|') || !DIVIDER.test(line.text)) continue
    rows.add(above).add(line)
    for (const row of lines.slice(index + 1)) {
      if (!row.text.includes('|')) break
      rows.add(row)
    }
  }
  return rows
}

/** How many characters of front matter a text begins with. */
export function skipFrontMatter(text: string): number {
  if (!text.startsWith('---')) return 0
  const lines = splitLines(text)
  const end = findFrontMatterEnd(lines.map((line) => line.text))
  return end === 0 ? 0 : (lines[end]?.start ?? text.length)
}

const MAX_FRONT_MATTER = 200 // lines

/**
 * Returns how many lines of YAML front matter, between two `---`, a document begins with.
 * Read as Markdown, the last of them would be an underlined heading.
 */
function findFrontMatterEnd([opening = '', ...lines]: readonly string[]): number {
  if (!/^---\s*$/.test(opening) || !/^[\w-]+\s*:/.test(lines[0] ?? '')) return 0
  const end = lines.slice(0, MAX_FRONT_MATTER).findIndex((line) => /^(?:---|\.\.\.)\s*$/.test(line))
  return end === -1 ? 0 : end + 2
}

type Open = { kind: Exclude<Block['kind'], 'heading'>; lines: TextLine[] }

class BlockReader {
  readonly #blocks: Block[] = []
  #open: Open | undefined
  /** The fence that opened the current code block; its closing fence is at least as long. */
  #fence: string | undefined
  #isAfterBlank = false

  constructor(frontMatter: readonly TextLine[]) {
    for (const line of frontMatter) this.#append('code', line)
    this.#close()
  }

  read(line: TextLine, isRow: boolean): void {
    const fence = FENCE.exec(line.text)?.[1]
    const heading = this.#fence === undefined && !isRow ? this.#headingIn(line) : undefined
    if (this.#fence !== undefined) this.#code(line, this.#fence)
    else if (fence !== undefined) this.#openFence(line, fence)
    else if (heading !== undefined) this.#heading(line, heading)
    else if (line.text.trim() === '') this.#blank()
    else this.#append(isRow ? 'table' : this.#kindOf(line.text), line)
  }

  end(): Block[] {
    this.#close()
    return this.#blocks
  }

  #openFence(line: TextLine, fence: string): void {
    this.#close()
    this.#fence = fence
    this.#append('code', line)
  }

  #code(line: TextLine, fence: string): void {
    this.#append('code', line)
    const marks = FENCE.exec(line.text)?.[1]
    if (!marks?.startsWith(fence) || line.text.trim() !== marks) return
    this.#fence = undefined
    this.#close()
  }

  /** Returns the heading in this line: `# Title`, or the underline of a single line of prose. */
  #headingIn({ text }: TextLine): Block['heading'] {
    const [, marks = '', title] = HEADING.exec(text.slice(0, MAX_HEADING_LINE + 1)) ?? []
    if (title !== undefined) return { level: marks.length, title: stripHeadingMarks(title) }
    const underline = text === MAIL_SIGNATURE ? undefined : UNDERLINE.exec(text)?.[1]
    const [above, more] = this.#open?.kind === 'prose' ? this.#open.lines : []
    if (underline === undefined || above === undefined || more !== undefined) return undefined
    if (above.text.length > MAX_HEADING_LINE) return undefined
    return { level: underline.startsWith('=') ? 1 : 2, title: stripHeadingMarks(above.text.trim()) }
  }

  #heading(line: TextLine, heading: NonNullable<Block['heading']>): void {
    const isUnderline = UNDERLINE.test(line.text)
    const lines = isUnderline && this.#open ? [...this.#open.lines, line] : [line]
    if (isUnderline) this.#open = undefined
    this.#close()
    this.#blocks.push({ kind: 'heading', lines, ...toLineSpan(lines), heading })
  }

  #kindOf(line: string): Open['kind'] {
    if (TABLE_ROW.test(line)) return 'table'
    if (LIST_MARK.test(line)) return 'list'
    const goesOn = this.#open?.kind === 'list' && (!this.#isAfterBlank || /^\s{2}/.test(line))
    return goesOn ? 'list' : 'prose'
  }

  /**
   * A blank line ends a paragraph or table. A list may continue after it, with an item or an indented line.
   */
  #blank(): void {
    this.#isAfterBlank = true
    if (this.#open?.kind !== 'list') this.#close()
  }

  #append(kind: Open['kind'], line: TextLine): void {
    if (this.#open?.kind !== kind) this.#close()
    this.#open ??= { kind, lines: [] }
    this.#open.lines.push(line)
    this.#isAfterBlank = false
  }

  #close(): void {
    if (this.#open) this.#blocks.push({ ...this.#open, ...toLineSpan(this.#open.lines) })
    this.#open = undefined
  }
}

function toLineSpan(lines: readonly TextLine[]): Span {
  return { start: lines[0]?.start ?? 0, end: lines.at(-1)?.end ?? 0 }
}

/** Strips the marks of emphasis, code and links from a heading. */
function stripHeadingMarks(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]{1,200})\]\([^)]{0,500}\)/g, '$1')
    .replaceAll(/[*`]|(?<!\w)_|_(?!\w)/g, '')
    .trim()
}
