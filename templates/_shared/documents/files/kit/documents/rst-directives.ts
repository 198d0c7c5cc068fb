import { splitCells } from './cells.ts'
import { dedentLines, writeAdmonition } from './indented.ts'
import { stripRstMarks } from './rst-marks.ts'
import { fenceCode, writeMarkdownTable } from './text.ts'

export interface Directive {
  name: string
  argument: string
  /** Without its indentation. */
  body: readonly string[]
  /** Reads what is nested in the directive. */
  nested: (lines: readonly string[]) => string
}

const ADMONITIONS = 'attention caution danger error hint important note seealso tip todo warning'.split(' ')
const VERSIONS = 'deprecated versionadded versionchanged versionremoved'.split(' ')
const CODE = 'code code-block sourcecode parsed-literal highlight-block doctest testcode testoutput'.split(
  ' ',
)
/** Directives without text of their own, such as a list of the pages below. */
const UNSEEN =
  'contents currentmodule default-role highlight include index meta module sectionauthor toctree raw literalinclude'.split(
    ' ',
  )

/** Reads a directive of docutils or Sphinx; of an unknown one, its text. */
export function readDirective({ name, argument, body, nested }: Directive): string {
  const { options, content } = splitOptions(body)
  const title = stripRstMarks(argument)
  if (UNSEEN.includes(name)) return ''
  if (CODE.includes(name)) return content.length === 0 ? '' : fenceCode(content.join('\n'), argument.trim())
  if (name === 'image' || name === 'figure') {
    const caption = name === 'figure' ? nested(content) : ''
    return [options.get('alt') ?? '', caption].filter((part) => part !== '').join('\n\n')
  }
  if (name === 'csv-table') return joinBlocks(title, readCsvTable(options, content))
  if (name === 'list-table') return joinBlocks(title, readListTable(content, nested))
  if (ADMONITIONS.includes(name))
    return writeAdmonition(name === 'seealso' ? 'See also' : name, nested([argument, ...body]))
  if (name === 'admonition') return writeAdmonition(title, nested(content))
  if (VERSIONS.includes(name)) return writeVersion(name, title, nested(content))
  return joinBlocks(title, nested(content))
}

function joinBlocks(...blocks: readonly string[]): string {
  return blocks.filter((block) => block.trim() !== '').join('\n\n')
}

function writeVersion(name: string, version: string, text: string): string {
  const words = name === 'deprecated' ? 'Deprecated since' : `${name.slice(7)} in`
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} version ${version}${text === '' ? '.' : `: ${text}`}`
}

function splitOptions(body: readonly string[]): { options: Map<string, string>; content: string[] } {
  const options = new Map<string, string>()
  let at = 0
  for (; at < body.length; at++) {
    const [, name, value = ''] = /^:([\w-]+):\s*(.*)$/.exec(body[at] ?? '') ?? []
    if (name === undefined) break
    options.set(name, value)
  }
  return { options, content: dedentLines(body.slice(at)) }
}

function readCsvTable(options: ReadonlyMap<string, string>, content: readonly string[]): string {
  const separator = { tab: '\t', space: ' ' }[options.get('delim') ?? ''] ?? options.get('delim') ?? ','
  const lines = (options.has('header') ? [options.get('header') ?? '', ...content] : content).map((line) =>
    line.replace(/([^\s"])[ \t]+(?=")/g, '$1'),
  )
  const rows = splitCells(lines.join('\n'), separator)
  return writeMarkdownTable(rows.map((row) => row.map(stripRstMarks)))
}

/** A list of rows, each a list of cells. */
function readListTable(content: readonly string[], nested: Directive['nested']): string {
  const rows: string[][][] = []
  for (const line of content) {
    const [, mark, cell = ''] = /^(\*\s|\s\s)\s{0,2}-(?:\s+(.*))?$/.exec(line) ?? []
    if (mark?.startsWith('*') === true) rows.push([[cell]])
    else if (mark !== undefined) rows.at(-1)?.push([cell])
    else rows.at(-1)?.at(-1)?.push(line.trim())
  }
  return writeMarkdownTable(rows.map((row) => row.map((cell) => nested(cell))))
}
