import { codeBlockEnd, codeSpanEnd, FENCE, findLineEnd, findParagraphEnd } from './markdown-code.ts'
import { findElementEnd, getReplacement, isHtml, tagAt } from './markdown-tags.ts'

const DEFINITION =
  '^ {0,3}\\[(?!\\^)[^\\]\\n]{1,200}\\]:[ \\t]*(?:<[^<>\\n]{0,2000}>|[^\\s<]\\S*)(?:[ \\t]+(?:"[^"\\n]*"|\'[^\'\\n]*\'|\\([^()\\n]*\\)))?[ \\t]*$'
const TOKEN = new RegExp(
  `(?<fence>${FENCE})|(?<ticks>\`+)|(?<hidden><!--|<\\?|<!\\[CDATA\\[)|(?<tag><\\/?(?=[A-Za-z>]))|(?<definition>${DEFINITION})|` +
    '(?<escape>\\\\[^])|(?<brace>[{}])|(?<module>^(?:import|export)(?=\\s))',
  'gm',
)
const ENDS: Readonly<Record<string, string>> = { '<!--': '-->', '<?': '?>', '<![CDATA[': ']]>' }

/**
 * Removes what a reader of Markdown never sees: comments, link definitions, HTML tags, and hidden
 * elements with their content. From MDX, also removes imports, exports, expressions in braces and every tag;
 * the text between tags stays. Code stays unchanged.
 */
export function stripHiddenMarkdown(text: string, dialect: 'md' | 'mdx'): string {
  const scan = new Scan(text, dialect)
  return scan.result()
}

/**
 * Scans a text in one pass.
 * A closing brace cuts the kept text back to its opening brace, so that nesting costs nothing.
 */
class Scan {
  private readonly text: string
  private readonly mdx: boolean
  private readonly kept: string[] = []
  private readonly openBraces: number[] = []
  private readonly neverClosed = new Set<string>()
  private paragraph = 0

  constructor(text: string, dialect: 'md' | 'mdx') {
    this.text = text
    this.mdx = dialect === 'mdx'
  }

  result(): string {
    const token = new RegExp(TOKEN)
    let done = 0
    for (let match = token.exec(this.text); match !== null; match = token.exec(this.text)) {
      this.kept.push(this.text.slice(done, match.index))
      done = this.take(match)
      token.lastIndex = done
    }
    this.kept.push(this.text.slice(done))
    return this.kept.join('')
  }

  /** Keeps or drops what the token starts, and returns where that ends. */
  private take({ 0: token, index, groups = {} }: RegExpExecArray): number {
    if (groups['fence'] !== undefined) return this.codeBlock(index, token)
    if (groups['ticks'] !== undefined) return this.codeSpan(index, token)
    if (groups['hidden'] !== undefined) return this.comment(index, token)
    if (groups['tag'] !== undefined) return this.tag(index, token)
    if (groups['definition'] !== undefined) return index + token.length
    if (this.mdx && groups['brace'] !== undefined) return this.brace(index, token)
    if (this.mdx && groups['module'] !== undefined && this.startsBlock(index))
      return findParagraphEnd(this.text, index)
    return this.keep(index, index + token.length)
  }

  private keep(start: number, end: number): number {
    this.kept.push(this.text.slice(start, end))
    return end
  }

  private codeBlock(index: number, token: string): number {
    this.openBraces.length = 0
    return this.keep(index, codeBlockEnd(this.text, index, token))
  }

  private codeSpan(index: number, ticks: string): number {
    if (this.paragraph <= index) this.paragraph = findParagraphEnd(this.text, index)
    const end = codeSpanEnd(this.text, index, ticks.length, this.paragraph)
    return this.keep(index, end ?? index + ticks.length)
  }

  /** An unclosed comment hides the rest of the text, but only if it starts a line. */
  private comment(index: number, opening: string): number {
    const closing = ENDS[opening] ?? ''
    const end = this.neverClosed.has(opening) ? -1 : this.text.indexOf(closing, index + 2)
    if (end !== -1) return end + closing.length
    this.neverClosed.add(opening)
    const startsLine = /(?:^|\n)[ \t>]*$/.test(this.text.slice(Math.max(0, index - 100), index))
    return startsLine ? this.text.length : this.keep(index, index + opening.length)
  }

  private tag(index: number, token: string): number {
    const tag = tagAt(this.text, index)
    if (tag === undefined || !(this.mdx || isHtml(tag))) return this.keep(index, index + token.length)
    this.kept.push(getReplacement(tag))
    if (tag.hides === undefined || !tag.opens || this.neverClosed.has(tag.name)) return tag.end
    const end = findElementEnd(this.text, tag)
    if (end !== undefined) return end
    this.neverClosed.add(tag.name)
    // A browser would hide the rest.
    // But a word such as <source> in a sentence may not be meant as an element.
    return tag.hides === 'attributes' ? this.text.length : tag.end
  }

  private brace(index: number, brace: string): number {
    if (brace === '{') this.openBraces.push(this.kept.length)
    const start = brace === '}' ? this.openBraces.pop() : undefined
    if (start === undefined) return this.keep(index, index + 1)
    this.kept.length = start
    return index + 1
  }

  private startsBlock(index: number): boolean {
    return index === 0 || /\n[ \t]*\n$/.test(this.text.slice(Math.max(0, index - 100), index))
  }
}

const HEADING = /^ {0,3}#{1,6}[ \t]+(\S.{0,300}?)[ \t]*#*[ \t]*$/
const IS_FENCE = new RegExp(FENCE)

/** Returns the Markdown source of the first heading, or undefined if there is none. */
export function findFirstHeading(markdown: string): string | undefined {
  for (let start = 0; start < markdown.length; start = findLineEnd(markdown, start) + 1) {
    const line = markdown.slice(start, Math.min(findLineEnd(markdown, start), start + 400))
    const heading = HEADING.exec(line)?.[1]
    if (heading !== undefined) return heading
    const fence = IS_FENCE.exec(line)?.[0]
    if (fence !== undefined) start = codeBlockEnd(markdown, start, fence)
    else if (/^=+[ \t]*$/.test(readNextLine(markdown, start)) && line.trim() !== '') return line.trim()
  }
  return undefined
}

function readNextLine(text: string, at: number): string {
  const start = findLineEnd(text, at) + 1
  return text.slice(start, Math.min(findLineEnd(text, start), start + 400))
}
