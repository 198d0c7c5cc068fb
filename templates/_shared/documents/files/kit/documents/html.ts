import { stripInvisible } from '#kit/files/text'
import { Blocks, joinLines } from './html-blocks.ts'
import { isDataTable, listRows, renderHtmlTable } from './html-table.ts'
import {
  createTooDeepError,
  type Element,
  extractText,
  findContent,
  getAttribute,
  isElement,
  isShown,
  isText,
  parsePage,
  walkElements,
} from './html-tree.ts'
import { fenceCode } from './text.ts'

/** The text of a link, next to a heading, that leads to the heading itself. */
const PERMALINK = /^[\s¶#§🔗]*$/u

/**
 * Converts a page to Markdown. Links become their text, and emphasis is dropped.
 * Throws `BadFile` if the page nests too deep or holds too many elements.
 */
export function readHtml(source: string): { title: string | undefined; text: string } {
  const page = parsePage(source)
  const content = findContent(page)
  const blocks = new Blocks()
  if (content !== undefined) writeChildren(content, { blocks, lists: [], depth: 0 })
  return { title: findPageTitle(page), text: blocks.markdown() }
}

function findPageTitle(page: ReturnType<typeof parsePage>): string | undefined {
  let heading: string | undefined
  for (const element of walkElements(page)) {
    const text =
      element.tagName === 'title' || element.tagName === 'h1' ? joinLines(extractText(element)) : ''
    if (element.tagName === 'title' && text !== '') return text
    if (text !== '' && isShown(element)) heading ??= text
  }
  return heading
}

type Writer = (element: Element, context: HtmlContext) => void

const BLOCKS =
  'address article aside blockquote body caption center dd details dir div fieldset figcaption figure footer form header hgroup hr legend ' +
  'main menu p search section summary tbody td tfoot th thead tr'

const WRITERS: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ...BLOCKS.split(' ').map((name) => [name, writeBlock] as const),
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((name) => [name, writeHeading] as const),
  ...['code', 'kbd', 'samp', 'tt'].map((name) => [name, writeCode] as const),
  ...['ol', 'ul'].map((name) => [name, writeList] as const),
  ['a', writeLink],
  ['br', (_, { blocks }) => blocks.lineBreak()],
  ['dl', writeDefinitions],
  ['dt', writeTerm],
  ['li', writeItem],
  ['pre', writePre],
  ['sup', writeSuperscript],
  ['table', writeTable],
])

interface HtmlContext {
  blocks: Blocks
  /**
   * The enclosing lists, outermost first, each with the number of its last item;
   * undefined if it is unnumbered.
   */
  lists: readonly { number: number | undefined }[]
  depth: number
}

function writeChildren(element: Element, context: HtmlContext): void {
  if (context.depth > 600) throw createTooDeepError()
  for (const node of element.childNodes) {
    if (isText(node)) context.blocks.text(node.value)
    else if (isElement(node) && isShown(node)) writeElement(node, { ...context, depth: context.depth + 1 })
  }
}

function writeElement(element: Element, context: HtmlContext): void {
  const write = WRITERS.get(element.tagName) ?? (element.tagName.includes('-') ? writeBlock : writeChildren)
  write(element, context)
}

function writeBlock(element: Element, context: HtmlContext): void {
  context.blocks.endParagraph()
  writeChildren(element, context)
  context.blocks.endParagraph()
}

function writeHeading(element: Element, context: HtmlContext): void {
  context.blocks.endParagraph()
  const text = renderOnOneLine(element, context)
  if (text !== '') context.blocks.block(`${'#'.repeat(Number(element.tagName.slice(1)))} ${text}`)
}

function writeCode(element: Element, { blocks }: HtmlContext): void {
  const code = joinLines(stripInvisible(extractText(element)))
  if (code !== '') blocks.code(code)
}

function writePre(element: Element, { blocks }: HtmlContext): void {
  blocks.endParagraph()
  const code = stripInvisible(extractText(element)).replace(/^(?:[ \t]*\n)+|\s+$/g, '')
  const classes = [element, ...element.childNodes.filter(isElement)].map(({ attrs }) =>
    getAttribute(attrs, 'class'),
  )
  const [, language] = /\blang(?:uage)?-([\w+#-]{1,30})/.exec(classes.join(' ')) ?? []
  if (code !== '') blocks.block(fenceCode(code, language))
}

function writeTable(element: Element, context: HtmlContext): void {
  const rows = listRows(element)
  if (!isDataTable(element, rows)) {
    writeBlock(element, context)
    return
  }
  context.blocks.endParagraph()
  const captions = element.childNodes.filter(isElement).filter(({ tagName }) => tagName === 'caption')
  for (const caption of captions.filter(isShown)) writeBlock(caption, context)
  context.blocks.block(renderHtmlTable(rows, (cell) => renderOnOneLine(cell, context)))
}

function writeLink(element: Element, context: HtmlContext): void {
  if (!PERMALINK.test(extractText(element))) writeChildren(element, context)
}

function writeSuperscript(element: Element, context: HtmlContext): void {
  if (/^[-+−]?\w{1,4}$/.test(extractText(element).trim())) context.blocks.text('^') // 10^6 is not 106
  writeChildren(element, context)
}

function writeTerm(element: Element, context: HtmlContext): void {
  context.blocks.endParagraph()
  writeChildren(element, context)
  context.blocks.endTerm()
}

function writeDefinitions(element: Element, context: HtmlContext): void {
  writeBlock(element, context)
  context.blocks.endTerms()
}

function writeList(element: Element, context: HtmlContext): void {
  writeBlock(element, { ...context, lists: [...context.lists, { number: getNumberBefore(element) }] })
}

function writeItem(element: Element, context: HtmlContext): void {
  const list = context.lists.at(-1)
  if (list?.number !== undefined) list.number += 1
  const indent = context.lists.slice(0, -1).map(({ number }) => (number === undefined ? '  ' : '   '))
  context.blocks.startItem(`${indent.join('')}${list?.number === undefined ? '-' : `${list.number}.`} `)
  writeBlock(element, context)
}

/** Returns the number before a list's first item; undefined if the list is unnumbered. */
function getNumberBefore({ tagName, attrs }: Element): number | undefined {
  if (tagName === 'ul') return undefined
  const start = Number.parseInt(getAttribute(attrs, 'start') ?? '', 10)
  return Number.isSafeInteger(start) ? start - 1 : 0
}

/** Renders an element's content on one line, for headings and table cells. */
function renderOnOneLine(element: Element, context: HtmlContext): string {
  const blocks = new Blocks()
  writeChildren(element, { ...context, blocks, lists: [] })
  return joinLines(blocks.markdown())
}
