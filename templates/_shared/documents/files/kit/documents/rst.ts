import { dedentLines, findIndentEnd, getIndent } from './indented.ts'
import { readDirective } from './rst-directives.ts'
import { stripRstMarks } from './rst-marks.ts'
import { readRstTable } from './rst-tables.ts'
import { fenceCode } from './text.ts'

const ADORNMENT = /^([!-/:-@[-`{-~])\1+\s*$/
const MAX_NESTING = 20

/** Converts reStructuredText to Markdown that holds what a reader of the built page sees. */
export function readRst(source: string): { title: string | undefined; text: string } {
  const lines = source.split('\n').map((line) => line.replaceAll('\t', '        ').trimEnd())
  const text = new RstReader().read(lines)
  return { title: /^#{1,6} (.+)$/m.exec(text)?.[1], text }
}

/** Reads a document and what is nested in it. Titles get their level by the order of their adornments. */
class RstReader {
  readonly #styles: string[] = []

  read(lines: readonly string[], depth = 0): string {
    const blocks: string[] = []
    let at = 0
    while (at < lines.length) {
      if (lines[at]?.trim() === '') {
        at += 1
        continue
      }
      const { text, end } = this.#readBlock(lines, at, depth)
      if (text !== '') blocks.push(text)
      at = Math.max(end, at + 1)
    }
    return blocks.join('\n\n')
  }

  #readBlock(lines: readonly string[], at: number, depth: number): { text: string; end: number } {
    const line = lines[at] ?? ''
    const title = this.#readTitle(lines, at)
    if (title !== undefined) return title
    if (ADORNMENT.test(line) && line.trim().length > 3 && !/^[=+]/.test(line))
      return { text: '', end: at + 1 }
    if (/^\s*\.\.(?:\s|$)/.test(line)) return this.#readExplicit(lines, at, depth)
    const table = readRstTable(lines, at)
    if (table !== undefined) return table
    if (/^\s*__\s/.test(line)) return { text: '', end: at + 1 }
    return this.#readParagraph(lines, at, depth)
  }

  #readTitle(lines: readonly string[], at: number): { text: string; end: number } | undefined {
    const [first = '', second = '', third = ''] = lines.slice(at, at + 3)
    const isOver = ADORNMENT.test(first) && second.trim() !== '' && third === first && !ADORNMENT.test(second)
    const isUnder = /^\S/.test(first) && !ADORNMENT.test(first) && ADORNMENT.test(second)
    const isLong = second.length >= Math.min(first.length, 3)
    if (!isOver && !(isUnder && isLong)) return undefined
    const style = isOver ? `${first[0]}${first[0]}` : (second[0] ?? '')
    if (!this.#styles.includes(style)) this.#styles.push(style)
    const level = Math.min(this.#styles.indexOf(style) + 1, 6)
    const text = `${'#'.repeat(level)} ${stripRstMarks((isOver ? second : first).trim())}`
    return { text, end: at + (isOver ? 3 : 2) }
  }

  /** Directives, comments, targets, substitutions and footnotes. */
  #readExplicit(lines: readonly string[], at: number, depth: number): { text: string; end: number } {
    const line = lines[at] ?? ''
    const end = findIndentEnd(lines, at + 1, getIndent(line))
    const [, name, argument = ''] = /^\s*\.\. (?:\|[^|]*\| )?([\w.:-]*\w)::\s*(.*)$/.exec(line) ?? []
    const nested = (body: readonly string[]) =>
      depth < MAX_NESTING ? this.read(body, depth + 1) : body.join('\n')
    if (name !== undefined && !/^\s*\.\. \|/.test(line)) {
      const body = dedentLines(lines.slice(at + 1, end))
      return { text: readDirective({ name, argument, body, nested }), end }
    }
    const [, label, note] = /^\s*\.\. \[(#?[\w.-]*|\*)\]\s*(.*)$/.exec(line) ?? []
    if (note === undefined) return { text: '', end }
    const rest = dedentLines(lines.slice(at + 1, end))
    return { text: `[${label}] ${stripRstMarks([note, ...rest].join('\n'))}`, end }
  }

  #readParagraph(lines: readonly string[], at: number, depth: number): { text: string; end: number } {
    let end = at
    while (end < lines.length && lines[end]?.trim() !== '') end += 1
    const paragraph = lines.slice(at, end)
    const last = paragraph.at(-1) ?? ''
    const indent = getIndent(paragraph[0] ?? '')
    if (!last.endsWith('::')) return { text: writeParagraph(paragraph), end }
    const start = lines.findIndex((line, index) => index >= end && line.trim() !== '')
    const close =
      start < 0 || getIndent(lines[start] ?? '') <= indent ? end : findIndentEnd(lines, end, indent)
    const head = [...paragraph.slice(0, -1), last.replace(/\s*::$/, last.trim() === '::' ? '' : ':')]
    const code = dedentLines(lines.slice(end, close))
    const parts = [
      writeParagraph(head),
      code.length > 0 && depth <= MAX_NESTING ? fenceCode(code.join('\n')) : '',
    ]
    return { text: parts.filter((part) => part.trim() !== '').join('\n\n'), end: close }
  }
}

const FIELD = /^:([^:`]+):(?:\s+|$)/
const LIST_ITEM = /^(\s*)(?:[*+•-]|#\.|\(?(?:\d+|[a-z#])[.)])\s+/i

function writeParagraph(lines: readonly string[]): string {
  const first = lines[0] ?? ''
  if (LIST_ITEM.test(first)) return writeItems(lines)
  if (FIELD.test(first.trim())) {
    const fields = lines.map((line) => line.trim().replace(FIELD, '$1: '))
    return stripRstMarks(fields.join('\n\n'))
  }
  if (lines.every((line) => /^\s*\|(?:\s|$)/.test(line)))
    return stripRstMarks(lines.map((line) => line.replace(/^\s*\| ?/, '')).join('\n'))
  const isDefinition = lines.length > 1 && getIndent(lines[1] ?? '') > getIndent(first)
  if (isDefinition) {
    const [term = '', ...body] = lines.map((line) => line.trim())
    return stripRstMarks(`${term}: ${body.join('\n')}`)
  }
  return stripRstMarks(lines.map((line) => line.trim()).join('\n'))
}

function writeItems(lines: readonly string[]): string {
  const items = lines.map((line) => {
    const [mark, indent = ''] = LIST_ITEM.exec(line) ?? []
    if (mark === undefined) return line
    const number = /\d+/.exec(mark)?.[0] ?? (/[*+•-]/.test(mark) ? undefined : '1')
    return `${indent}${number === undefined ? '-' : `${number}.`} ${line.slice(mark.length)}`
  })
  return stripRstMarks(items.join('\n'))
}
