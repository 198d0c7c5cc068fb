import { codeBlockEnd, FENCE, findLineEnd } from './markdown-code.ts'

/**
 * Reads the marks that documentation sites add to Markdown as what they show: admonitions (GitHub, MkDocs, Docusaurus,
 * VitePress, GitBook, Obsidian), tabs, anchors of headings, and footnotes, whose text comes after the sentence that has
 * the mark. Code stays unchanged. Takes time linear in the length of the text.
 */
export function readDialects(text: string): string {
  const footnotes = collectFootnotes(text)
  const shown: string[] = []
  let indent = ''
  for (const { line, isCode } of splitLinesAndCode(text)) {
    if (isCode) {
      shown.push(line)
      continue
    }
    if (footnotes.has(FOOTNOTE.exec(line)?.[1] ?? '')) continue
    const opened = readOpening(line)
    if (opened !== undefined) {
      indent = /^(?:!!!|\?\?\?\+?|===)/.test(line.trimStart()) ? '    ' : ''
      if (opened !== '') shown.push(opened)
      continue
    }
    if (indent !== '' && line.trim() !== '' && !line.startsWith(indent)) indent = ''
    const dedented = indent === '' ? line : line.slice(indent.length)
    shown.push(followFootnotes(removeAnchor(dedented).replace(CALLOUT, readCallout), footnotes))
  }
  return shown.join('\n') + (text.endsWith('\n') ? '\n' : '')
}

const FOOTNOTE = /^ {0,3}\[\^([^\]\s]{1,80})\]:[ \t]*(.*)$/
/** `## Deploying {#deploying}` and `{: .class }` */
const ANCHOR = /(?<!`)\{[#:.][^{}`]{0,200}\}$/

function removeAnchor(line: string): string {
  const end = line.trimEnd()
  return end.endsWith('}') && ANCHOR.test(end) ? end.replace(ANCHOR, '').trimEnd() : line
}

/** `> [!WARNING] Title` of GitHub and Obsidian. */
const CALLOUT = /^(\s*(?:>\s?)+)\[!(\w+)\][+-]?[ \t]*(.*)$/

function readCallout(_: string, marks: string, kind: string, title: string): string {
  return `${marks}**${title.trim() || capitalise(kind)}**`
}

/** The line that a mark for an admonition or a tab shows: its title; '' for nothing, undefined for any other line. */
function readOpening(line: string): string | undefined {
  const mark = line.trim()
  if (/^:{3,}\s*$|^\{%-?\s*end\w+\s*-?%\}$/.test(mark)) return ''
  const [, titled] = /^(?:!!!|\?\?\?\+?|===)\s*(?:[\w-]+\s*)*"([^"]*)"\s*$/.exec(mark) ?? []
  if (titled !== undefined) return toLabel(titled)
  const [, admonition] = /^(?:!!!|\?\?\?\+?)\s+([\w-]+)\s*$/.exec(mark) ?? []
  if (admonition !== undefined) return toLabel(capitalise(admonition))
  const [, kind, rest = ''] = /^:{3,}\s*\{?([\w-]+)\}?\s*(?:\[([^\]]*)\]|(.*))?$/.exec(mark) ?? []
  if (kind !== undefined)
    return toLabel(rest || /^:{3,}\s*\{?[\w-]+\}?\s+([^[{].*)$/.exec(mark)?.[1] || capitalise(kind))
  const [, attributes] = /^\{%-?\s*\w+(.*?)-?%\}$/.exec(mark) ?? []
  if (attributes === undefined) return undefined
  const [, title = ''] = /\b(?:title|style)="([^"]*)"/.exec(attributes) ?? []
  return title === '' ? '' : toLabel(capitalise(title))
}

function toLabel(title: string): string {
  return title.trim() === '' ? '' : `\n**${title.trim()}**\n`
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()
}

function collectFootnotes(text: string): Map<string, string> {
  const notes = new Map<string, string>()
  for (const { line, isCode } of splitLinesAndCode(text)) {
    const [, name, note] = isCode ? [] : (FOOTNOTE.exec(line) ?? [])
    const isMarked = name !== undefined && text.split(`[^${name}]`, 3).length > 2
    if (isMarked && note !== undefined) notes.set(name, note.trim())
  }
  return notes
}

/** Takes the mark away and puts its text in brackets into the sentence that has it. */
function followFootnotes(line: string, notes: ReadonlyMap<string, string>): string {
  if (notes.size === 0 || !line.includes('[^')) return line
  return line.replaceAll(MARK, (mark, code: string | undefined, stop = '', name = '') => {
    const note = notes.get(name)
    return code !== undefined || note === undefined ? mark : ` (${note.replace(/[.\s]+$/, '')})${stop}`
  })
}

/** Code, or a footnote's mark with the stop before it. */
const MARK = /(`[^`]*`)|([.!?。！？]?)\s?\[\^([^\]\s]{1,80})\]/g

/** Lines of text one by one, and blocks of code as a whole. */
function* splitLinesAndCode(text: string): Generator<{ line: string; isCode: boolean }> {
  const fence = new RegExp(FENCE, 'my')
  for (let start = 0; start < text.length; ) {
    fence.lastIndex = start
    const opening = fence.exec(text)?.[0]
    const end = opening === undefined ? findLineEnd(text, start) : codeBlockEnd(text, start, opening)
    const isCode = opening !== undefined
    yield { line: text.slice(start, end).replace(/\n$/, ''), isCode }
    start = isCode && text[end - 1] === '\n' ? end : end + 1
  }
}
