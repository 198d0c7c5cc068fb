import { inlinesOf } from './inlines.js'

/**
 * @typedef {import('./inlines.js').Inline} Inline
 * @typedef {{ kind: 'paragraph' | 'heading', inlines: Inline[] }
 *   | { kind: 'list', isOrdered: boolean, start: number, items: Inline[][] }
 *   | { kind: 'code', text: string }} Block
 */

const FENCE = /^\s{0,3}(?:```|~~~)/
const HEADING = /^#{1,6}\s+(.*)$/
const ITEM = /^\s{0,6}(?:[-*+•]|(\d{1,3})[.)])\s+(.*)$/

/**
 * An answer as blocks. A small part of Markdown, on purpose: paragraphs, lists, headings, code. There are no links, no images and no HTML: they stay the text that they are,
 * so an answer can neither load anything nor hide where a link goes. Half an answer is as good as a whole one.
 * @param {string} text @returns {Block[]}
 */
export function blocksOf(text) {
  /** @type {Block[]} */
  const blocks = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; ) {
    const { block, next } = blockAt(lines, at)
    if (block !== null) blocks.push(block)
    at = next
  }
  return blocks
}

/**
 * @param {string[]} lines @param {number} at
 * @returns {{ block: Block | null, next: number }}
 */
function blockAt(lines, at) {
  const line = lines[at] ?? ''
  if (line.trim() === '') return { block: null, next: at + 1 }
  if (FENCE.test(line)) return fenceAt(lines, at)
  const heading = HEADING.exec(line)
  if (heading) return { block: { kind: 'heading', inlines: inlinesOf(heading[1] ?? '') }, next: at + 1 }
  if (ITEM.test(line)) return listAt(lines, at)
  const next = endOf(lines, at + 1, isParagraphEnd)
  return { block: { kind: 'paragraph', inlines: inlinesOf(lines.slice(at, next).join('\n')) }, next }
}

/** @param {string[]} lines @param {number} at */
function fenceAt(lines, at) {
  const end = endOf(lines, at + 1, (line) => FENCE.test(line))
  return {
    block: /** @type {Block} */ ({ kind: 'code', text: lines.slice(at + 1, end).join('\n') }),
    next: end + 1,
  }
}

/** @param {string[]} lines @param {number} at @returns {{ block: Block, next: number }} */
function listAt(lines, at) {
  const first = ITEM.exec(lines[at] ?? '')
  const isOrdered = first?.[1] !== undefined
  /** @type {string[]} */
  const items = []
  let next = at
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? ''
    const item = ITEM.exec(line)
    if (item && (item[1] !== undefined) !== isOrdered) break
    if (item) items.push(item[2] ?? '')
    else if (isParagraphEnd(line)) break
    else items.push(`${items.pop() ?? ''}\n${line.trim()}`)
  }
  const start = Number(first?.[1] ?? 1)
  return { block: { kind: 'list', isOrdered, start, items: items.map((item) => inlinesOf(item)) }, next }
}

/** @param {string} line */
function isParagraphEnd(line) {
  return line.trim() === '' || FENCE.test(line) || HEADING.test(line) || ITEM.test(line)
}

/** The first line from `at` that is the end, or the number of lines. @param {string[]} lines @param {number} at @param {(line: string) => boolean} isEnd */
function endOf(lines, at, isEnd) {
  let end = at
  while (end < lines.length && !isEnd(lines[end] ?? '')) end += 1
  return end
}

/** The runs of text in reading order; code has none. @param {readonly Block[]} blocks @returns {Inline[][]} */
export function runsOf(blocks) {
  return blocks.flatMap((block) => {
    if (block.kind === 'list') return block.items
    return block.kind === 'code' ? [] : [block.inlines]
  })
}

/** The same blocks with other runs, which stand in the order of `runsOf`. @param {readonly Block[]} blocks @param {readonly Inline[][]} runs @returns {Block[]} */
export function withRuns(blocks, runs) {
  const rest = [...runs].reverse()
  return blocks.map((block) => {
    if (block.kind === 'list') return { ...block, items: block.items.map((item) => rest.pop() ?? item) }
    return block.kind === 'code' ? block : { ...block, inlines: rest.pop() ?? block.inlines }
  })
}
