/** A stretch of whole lines that belong together. */
export interface Block {
  kind: 'prose' | 'list' | 'code' | 'table'
  lines: string[]
}

/** What stands between two headings of a document. */
export interface Section {
  /** The headings above it, outermost first. */
  headings: string[]
  blocks: Block[]
}

const HEADING = /^ {0,3}(#{1,6})\s+(.{1,300}?)\s*#*$/
const UNDERLINE = /^ {0,3}(=+|-{2,})\s*$/
const FENCE = /^ {0,3}(`{3,}|~{3,})/
const TABLE_ROW = /^\s*\|/
const LIST_ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)])\s/
const MAX_HEADING_LINE = 400 // characters; a longer line is text, whatever it starts with

/** Reads the layout of a Markdown document in one pass. Lines stay as they are; blank lines between blocks are left out. Front matter is a block of code. */
export function sectionsOf(text: string): Section[] {
  const lines = text.split(/\r\n?|\n/)
  const start = frontMatterEnd(lines)
  const reader = new SectionReader(lines.slice(0, start))
  for (const line of lines.slice(start)) reader.read(line)
  return reader.end()
}

const MAX_FRONT_MATTER = 200 // lines

/** How many lines of YAML between two `---` a document begins with. Read as Markdown, the last of them would be an underlined heading. */
function frontMatterEnd([opening = '', ...lines]: readonly string[]): number {
  if (!/^---\s*$/.test(opening) || !/^[\w-]+\s*:/.test(lines[0] ?? '')) return 0
  const end = lines.slice(0, MAX_FRONT_MATTER).findIndex((line) => /^(?:---|\.\.\.)\s*$/.test(line))
  return end === -1 ? 0 : end + 2
}

/** The first heading of a document, whatever its level; undefined when it has none. */
export function firstHeadingOf(text: string): string | undefined {
  return sectionsOf(text).find(({ headings }) => headings.length > 0)?.headings[0]
}

class SectionReader {
  readonly #sections: Section[] = []
  #section: Section = { headings: [], blocks: [] }
  /** The headings that are open, with their levels: documents skip some. */
  #path: { level: number; title: string }[] = []
  #block: Block | undefined
  /** The marks that close the code block that is open. */
  #fence: string | undefined
  #isAfterBlank = false

  constructor(frontMatter: readonly string[]) {
    for (const line of frontMatter) this.#append('code', line)
    this.#close()
  }

  read(line: string): void {
    const fence = FENCE.exec(line)?.[1]
    const heading = this.#fence === undefined ? this.#headingIn(line) : undefined
    if (this.#fence !== undefined) this.#code(line, this.#fence)
    else if (fence !== undefined) this.#openFence(line, fence)
    else if (heading !== undefined) this.#open(heading.level, heading.title)
    else if (line.trim() === '') this.#blank()
    else this.#append(this.#kindOf(line), line)
  }

  end(): Section[] {
    this.#close()
    this.#sections.push(this.#section)
    return this.#sections
  }

  #openFence(line: string, fence: string): void {
    this.#close()
    this.#fence = fence
    this.#append('code', line)
  }

  #code(line: string, fence: string): void {
    this.#append('code', line)
    const marks = FENCE.exec(line)?.[1]
    if (!marks?.startsWith(fence) || line.trim() !== marks) return
    this.#fence = undefined
    this.#close()
  }

  /** `# Title`, or a line of prose that stands alone and is underlined. */
  #headingIn(line: string): { level: number; title: string } | undefined {
    const [, marks = '', title] = HEADING.exec(line.slice(0, MAX_HEADING_LINE + 1)) ?? []
    if (title !== undefined) return { level: marks.length, title: plain(title) }
    const underline = UNDERLINE.exec(line)?.[1]
    const above = this.#block
    if (underline === undefined || above?.kind !== 'prose' || above.lines.length !== 1) return undefined
    const [title2 = ''] = above.lines
    if (title2.length > MAX_HEADING_LINE) return undefined
    this.#block = undefined
    return { level: underline.startsWith('=') ? 1 : 2, title: plain(title2.trim()) }
  }

  #open(level: number, title: string): void {
    this.#close()
    this.#sections.push(this.#section)
    this.#path = [...this.#path.filter((above) => above.level < level), { level, title }]
    this.#section = { headings: this.#path.map((heading) => heading.title), blocks: [] }
  }

  #kindOf(line: string): Block['kind'] {
    if (TABLE_ROW.test(line)) return 'table'
    if (LIST_ITEM.test(line)) return 'list'
    const goesOn = this.#block?.kind === 'list' && (!this.#isAfterBlank || /^\s{2}/.test(line))
    return goesOn ? 'list' : 'prose'
  }

  /** A blank line ends a paragraph or table. A list may go on after it, with an item or with what is indented below one. */
  #blank(): void {
    this.#isAfterBlank = true
    if (this.#block?.kind !== 'list') this.#close()
  }

  #append(kind: Block['kind'], line: string): void {
    if (this.#block?.kind !== kind) this.#close()
    this.#block ??= { kind, lines: [] }
    this.#block.lines.push(line)
    this.#isAfterBlank = false
  }

  #close(): void {
    if (this.#block) this.#section.blocks.push(this.#block)
    this.#block = undefined
  }
}

/** A heading without the marks of emphasis, code and links. */
function plain(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]{1,200})\]\([^)]{0,500}\)/g, '$1')
    .replaceAll(/[*`]|(?<!\w)_|_(?!\w)/g, '')
    .trim()
}
