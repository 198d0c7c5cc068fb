import { stripInvisible } from '#kit/files/text'
import { escapeStructure } from './text.ts'

/** Collects running text and turns it into Markdown blocks. */
export class Blocks {
  private readonly blocks: string[] = []
  private running = ''
  private mark = ''
  private terms: string[] = []
  private afterItem = false

  /** Appends to the running text. Any white space counts as one space, as in a browser. */
  text(text: string): void {
    this.running += stripInvisible(text).replace(/\s+/g, ' ')
  }

  code(code: string): void {
    this.running += codeSpan(code)
  }

  lineBreak(): void {
    this.running += '\n'
  }

  /** Ends the current paragraph, if there is one. */
  endParagraph(): void {
    const text = this.takeRunning()
    if (text === '') return
    const terms = this.terms.splice(0).join('\n')
    const paragraph = terms === '' ? escapeStructure(text) : `${terms}: ${text}`
    this.push(this.mark + paragraph, this.mark !== '')
    this.mark = ''
  }

  /** Adds a block that is Markdown already: a heading, a table, a code block. */
  block(markdown: string): void {
    this.endTerms()
    this.mark = ''
    this.push(markdown, false)
  }

  /** Starts a list item: the next paragraph begins with `mark`, such as `- `. */
  startItem(mark: string): void {
    this.endTerms()
    this.mark = mark
  }

  /** Ends the running text as a term; the next paragraph is its definition. */
  endTerm(): void {
    const term = this.takeRunning()
    if (term !== '') this.terms.push(escapeStructure(term))
  }

  /** Ends the paragraph. Terms without a definition become a paragraph. */
  endTerms(): void {
    this.endParagraph()
    const terms = this.terms.splice(0).join('\n')
    if (terms !== '') this.push(this.mark + terms, false)
  }

  markdown(): string {
    this.endTerms()
    return this.blocks.join('')
  }

  private takeRunning(): string {
    const text = tidy(this.running)
    this.running = ''
    return text
  }

  private push(block: string, isItem: boolean): void {
    const gap = this.blocks.length === 0 ? '' : isItem && this.afterItem ? '\n' : '\n\n'
    this.blocks.push(gap + block)
    this.afterItem = isItem
  }
}

/** Trims every line of running text, and collapses spaces and blank lines. */
function tidy(text: string): string {
  return text
    .replace(/ *\n */g, '\n')
    .replace(/ {2,}/g, ' ')
    .replace(/\n{2,}/g, '\n')
    .trim()
}

/** Joins running text into one line. */
export function joinLines(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** Formats a code span, with one backtick more than the longest run of backticks in it. */
function codeSpan(code: string): string {
  const longest = (code.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0)
  const ticks = '`'.repeat(longest + 1)
  return longest === 0 ? ticks + code + ticks : `${ticks} ${code} ${ticks}`
}
