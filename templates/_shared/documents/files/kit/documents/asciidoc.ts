import { findDelimiter, readDelimited } from './asciidoc-blocks.ts'
import { stripAsciidocMarks } from './asciidoc-marks.ts'
import { writeAdmonition } from './indented.ts'
import { fenceCode } from './text.ts'

const MAX_NESTING = 20
/** Lines that a reader doesn't see: comments, anchors, directives of the preprocessor, page breaks. */
const UNSEEN = /^(?:\/\/(?!\/)|\[\[[^\]]*\]\]$|(?:ifdef|ifndef|ifeval|endif|include)::|<<<$|'{3,}$)/
const HEADING = /^(={1,6}|#{1,6})\s+(\S.*)$/
const ADMONITION = /^(NOTE|TIP|IMPORTANT|WARNING|CAUTION):\s+(.*)$/
const ATTRIBUTE = /^:(!?[\w][\w-]*!?):(?:\s+(.*))?$/

/** What is known about the next block. */
interface BlockContext {
  attributes: string
  title: string
}

/** Converts AsciiDoc to Markdown that holds what a reader of the built page sees. */
export function readAsciidoc(source: string): { title: string | undefined; text: string } {
  const text = new AsciidocReader().read(source.split('\n').map((line) => line.trimEnd()))
  return { title: /^#{1,6} (.+)$/m.exec(text)?.[1], text }
}

class AsciidocReader {
  readonly #variables = new Map<string, string>()

  read(lines: readonly string[], depth = 0): string {
    const blocks: string[] = []
    let context: BlockContext = { attributes: '', title: '' }
    let at = 0
    while (at < lines.length) {
      const line = lines[at] ?? ''
      const known = this.#readContext(line, context)
      if (known !== undefined) {
        context = known
        at += 1
        continue
      }
      const { text, end } = this.#readBlock(lines, at, context, depth)
      const title = context.title === '' ? '' : this.#showText(context.title)
      blocks.push(...[title, text].filter((part) => part.trim() !== ''))
      context = { attributes: '', title: '' }
      at = Math.max(end, at + 1)
    }
    return blocks.join('\n\n')
  }

  /** Reads a line that shows nothing itself; undefined if it belongs to a block. */
  #readContext(line: string, context: BlockContext): BlockContext | undefined {
    const [, name, value = ''] = ATTRIBUTE.exec(line) ?? []
    if (name !== undefined) {
      this.#variables.set(name.replaceAll('!', ''), value)
      return context
    }
    if (line === '' || UNSEEN.test(line)) return line === '' ? { attributes: '', title: '' } : context
    const [, attributes] = /^\[([^\]]*)\]$/.exec(line) ?? []
    if (attributes !== undefined) return { ...context, attributes: `${context.attributes},${attributes}` }
    const [, title] = /^\.([^\s.].*)$/.exec(line) ?? []
    return title === undefined ? undefined : { ...context, title }
  }

  #readBlock(lines: readonly string[], at: number, context: BlockContext, depth: number) {
    const line = lines[at] ?? ''
    const [, marks, heading] = HEADING.exec(line) ?? []
    if (marks !== undefined && heading !== undefined)
      return { text: `${'#'.repeat(marks.length)} ${this.#showText(heading)}`, end: at + 1 }
    const kind = findDelimiter(line)
    if (kind !== undefined && depth < MAX_NESTING) {
      const nested = (body: readonly string[]) => this.read(body, depth + 1)
      return readDelimited(kind, lines, at, context.attributes, nested)
    }
    const [, alt] = /^(?:image|video|audio)::[^[]*\[([^\],]*)/.exec(line) ?? []
    if (alt !== undefined) return { text: alt.replace(/^"|"$/g, ''), end: at + 1 }
    if (/^[a-z]+::\S*\[.*\]$/.test(line)) return { text: '', end: at + 1 }
    return this.#readParagraph(lines, at, context)
  }

  #readParagraph(lines: readonly string[], at: number, { attributes }: BlockContext) {
    let end = at
    while (end < lines.length && lines[end] !== '' && (end === at || !this.#endsParagraph(lines[end] ?? '')))
      end += 1
    const paragraph = lines.slice(at, end)
    const [first = ''] = paragraph
    const language = /^,source(?:,\s*([\w+#-]+))?/.exec(attributes)
    if (language !== null) return { text: fenceCode(paragraph.join('\n'), language[1]), end }
    if (/^\s/.test(first) && !LIST_ITEM.test(first) && !DESCRIPTION.test(first))
      return { text: fenceCode(paragraph.map((line) => line.replace(/^ +/, '')).join('\n')), end }
    const [, name, text] = ADMONITION.exec(first) ?? []
    const shown = this.#showText(
      writeAsciidocLines(text === undefined ? paragraph : [text, ...paragraph.slice(1)]),
    )
    const styled = /^,(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\b/.exec(attributes)?.[1]
    const label = name ?? styled
    return { text: label === undefined ? shown : writeAdmonition(label, shown), end }
  }

  #endsParagraph(line: string): boolean {
    return findDelimiter(line) !== undefined || ATTRIBUTE.test(line) || /^\[[\w,#.% "=-]*\]$/.test(line)
  }

  #showText(text: string): string {
    const filled = text.replace(
      /\{([\w][\w-]*)\}/g,
      (whole, name: string) => this.#variables.get(name) ?? whole,
    )
    return stripAsciidocMarks(filled)
  }
}

const LIST_ITEM = /^\s*(\*{1,5}|-|\.{1,5}|\d+\.|<(?:\d+|\.)>)\s+/
const DESCRIPTION = /^\s*(\S.*?)(?:::{1,3}|;;)(?:\s+(.*))?$/

/** Writes the items of lists as Markdown's. */
function writeAsciidocLines(lines: readonly string[]): string {
  return lines
    .filter((line) => line !== '+' && !UNSEEN.test(line))
    .map((line) => {
      const [whole, mark] = LIST_ITEM.exec(line) ?? []
      if (whole !== undefined && mark !== undefined) {
        const depth = /^[*.]+$/.test(mark) ? mark.length - 1 : 0
        const number = /\d+/.exec(mark)?.[0] ?? '1'
        const bullet = /^[*-]/.test(mark) ? '-' : `${number}.`
        return `${'   '.repeat(depth)}${bullet} ${line.slice(whole.length).replace(/^\[[ x*]\] /, '')}`
      }
      const [, term, text = ''] = DESCRIPTION.exec(line) ?? []
      return term === undefined ? line.replace(/ \+$/, '').trim() : `${term}: ${text}`.trim()
    })
    .join('\n')
}
