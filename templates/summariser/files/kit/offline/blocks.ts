type LineKind =
  | 'blank'
  | 'fence'
  | 'heading'
  | 'rule'
  | 'definition'
  | 'table'
  | 'mail-header'
  | 'attribution'
  | 'quoted'
  | 'signature'
  | 'item'
  | 'text'

// The first that matches decides.
const LINE_KINDS: readonly (readonly [LineKind, RegExp])[] = [
  ['blank', /^\s*$/],
  ['fence', /^\s*(?:```|~~~)/],
  ['heading', /^\s{0,3}#{1,6}\s.{0,300}$/],
  ['rule', /^\s*([-*_=])(?:\s*\1){2,}\s*$/],
  ['definition', /^\s{0,3}\[[^\]]{1,200}\]:/],
  ['table', /^\s*\|.*\|\s*$/],
  ['mail-header', /^(?:From|To|Cc|Bcc|Date|Sent|Subject|Message-ID|Reply-To|In-Reply-To):\s/i],
  ['attribution', /^On .+ wrote:\s*$/],
  ['quoted', /^\s*>/],
  ['signature', /^--\s?$/],
  ['item', /^\s*(?:[-*+•]|\d{1,3}[.)])\s+\S/],
]

const LIST_MARKER = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/
const RECORD_START = /^\s*\[?\d{1,4}[-:/]\d{2}/ // a log line starts with a date or a time
const SHORT_LINE = 0.6 // of the longest line: a paragraph that was wrapped by an editor has no shorter line but its last

/**
 * The prose of a plain-text, Markdown or mail document in order, one text for each paragraph, list item or line of a log,
 * whitespace collapsed, without HTML tags and the marks of Markdown for emphasis, links and images.
 * Left out: headings, code, tables, rules, link definitions, front matter, comments; in mail also headers, signatures and quoted text.
 */
export function proseBlocks(document: string): string[] {
  const text = document.replace(/^---\n[\s\S]{0,5000}?\n---\n/, '').replaceAll(/<!--[\s\S]*?(?:-->|$)/g, ' ')
  const lines = text.split(/\r\n?|\n/)
  const has = (header: RegExp) => lines.some((line) => header.test(line))
  const isMail = has(/^From:\s/) && has(/^(?:To|Date|Sent|Subject):\s/)
  const reader = new BlockReader(isMail)
  for (const line of lines) reader.read(line)
  return reader.end()
}

class BlockReader {
  private readonly blocks: string[] = []
  private lines: string[] = []
  private longest = 0
  private inCode = false
  private inSignature = false
  private readonly isMail: boolean

  constructor(isMail: boolean) {
    this.isMail = isMail
  }

  read(line: string): void {
    let kind = this.kindOf(line)
    if (kind === 'fence') this.inCode = !this.inCode
    if (kind === 'fence' || this.inCode) kind = 'blank'
    if (kind === 'mail-header') this.inSignature = false
    if (this.inSignature) return
    this.place(line, kind)
  }

  end(): string[] {
    this.flush()
    return this.blocks
  }

  private place(line: string, kind: Exclude<LineKind, 'fence'>): void {
    switch (kind) {
      case 'text':
        if (this.startsRecord(line)) this.flush()
        this.lines.push(line)
        return
      case 'quoted':
        if (!this.isMail) this.lines.push(line.replace(/^[\s>]+/, ''))
        return
      case 'item':
        this.flush()
        this.lines.push(line.replace(LIST_MARKER, ''))
        return
      case 'rule':
        // A single line above === or --- is a heading in Markdown's other notation.
        if (this.lines.length === 1) this.lines = []
        this.flush()
        return
      case 'signature':
        this.inSignature = this.isMail
        this.flush()
        return
      case 'blank':
      case 'heading':
      case 'table':
      case 'definition':
      case 'mail-header':
      case 'attribution':
        this.flush()
        return
      default:
        kind satisfies never
    }
  }

  private kindOf(line: string): LineKind {
    const start = line.slice(0, 1_000)
    const kind = LINE_KINDS.find(([, pattern]) => pattern.test(start))?.[0] ?? 'text'
    return kind === 'mail-header' && !this.isMail ? 'text' : kind
  }

  private startsRecord(line: string): boolean {
    const previous = this.lines.at(-1)
    if (previous === undefined) return false
    if (RECORD_START.test(line)) return true
    this.longest = Math.max(this.longest, previous.length, line.length)
    return (
      previous.length < this.longest * SHORT_LINE &&
      /^\s*[\p{Lu}\p{N}]/u.test(line) &&
      !/[,;]\s*$/.test(previous)
    )
  }

  private flush(): void {
    const text = withoutMarks(this.lines.join(' ')).replaceAll(/\s+/g, ' ').trim()
    if (text !== '') this.blocks.push(text)
    this.lines = []
    this.longest = 0
  }
}

/** A sentence may begin inside bold text and end outside it: half a pair of marks is noise. Bounded, since a document may be one long line. */
function withoutMarks(text: string): string {
  return text
    .replaceAll(/<\/?[a-z][^<>]{0,500}>/gi, ' ')
    .replaceAll(/!\[[^\]]{0,200}\][([][^)\]]{0,500}[)\]]/g, '')
    .replaceAll(/\[([^\]]{1,200})\](?:\([^)]{0,500}\)|\[[^\]]{0,200}\])/g, '$1')
    .replaceAll(/(\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1/g, '$2')
}
