import { blocksOf, runsOf, withRuns } from './blocks.js'
import { markClaims } from './claims.js'
import { el } from './dom.js'
import { doubtOf } from './figures.js'
import { withoutHalfMark } from './inlines.js'

/**
 * @typedef {import('./blocks.js').Block} Block
 * @typedef {import('./inlines.js').Inline} Inline
 * @typedef {import('./contract.js').Citation} Citation
 * @typedef {{ label: (number: number) => string | null, open: (number: number, claim: number | undefined, from: HTMLElement) => void }} Sources
 *   label: null when there is no such source
 */

/**
 * Shows an answer that grows: blocks that have not changed keep their elements, so that a selection or the focus in them survives.
 * @param {HTMLElement} container @param {Sources} sources
 */
export function answerText(container, sources) {
  /** @type {string[]} */
  let shown = []

  return {
    /** @param {string} text @param {readonly Citation[]} citations @param {boolean} isOpen @returns {Block[]} */
    update(text, citations, isOpen) {
      const plain = blocksOf(isOpen ? withoutHalfMark(text) : text)
      const blocks = withRuns(plain, markClaims(runsOf(plain), citations))
      const doubts = new Map(citations.map(({ index, claim }) => [index, doubtOf(claim)]))
      // A source that arrives or a claim in doubt changes how a block looks: both are part of what is compared.
      const keys = blocks.map((block) =>
        JSON.stringify([
          block,
          runsOf([block])
            .flat()
            .map((one) => lookOf(one, doubts, sources)),
        ]),
      )
      blocks.forEach((block, index) => {
        if (keys[index] === shown[index]) return
        const element = blockElement(block, doubts, sources)
        const old = container.children[index]
        if (old) old.replaceWith(element)
        else container.append(element)
      })
      while (container.children.length > blocks.length) container.lastElementChild?.remove()
      shown = keys
      return blocks
    },
  }
}

/** @typedef {Map<number, ReturnType<typeof doubtOf>>} Doubts */

/** @param {Inline} inline @param {Doubts} doubts @param {Sources} sources */
function lookOf(inline, doubts, sources) {
  if (inline.kind === 'cite') return sources.label(inline.number)
  return inline.claim === undefined ? null : doubts.get(inline.claim)?.label
}

/** @param {Block} block @param {Doubts} doubts @param {Sources} sources @returns {HTMLElement} */
function blockElement(block, doubts, sources) {
  if (block.kind === 'code') return el('pre', { tabindex: '0' }, el('code', {}, block.text))
  const nodesOf = (/** @type {Inline[]} */ inlines) => inlineNodes(inlines, doubts, sources)
  if (block.kind === 'list') {
    const items = block.items.map((item) => el('li', {}, ...nodesOf(item)))
    return block.isOrdered ? el('ol', { start: String(block.start) }, ...items) : el('ul', {}, ...items)
  }
  return el(block.kind === 'heading' ? 'h3' : 'p', {}, ...nodesOf(block.inlines))
}

/** @param {Inline[]} inlines @param {Doubts} doubts @param {Sources} sources */
function inlineNodes(inlines, doubts, sources) {
  return inlines.flatMap((inline, index) => {
    const node = inlineNode(inline, sources)
    const doubt = inline.claim === undefined ? null : doubts.get(inline.claim)
    if (!doubt) return [node]
    const marked = inline.kind === 'cite' ? node : el('span', { class: 'doubt' }, node)
    const isLast = inlines[index + 1]?.claim !== inline.claim && !isMarkOf(inlines, index + 1, inline.claim)
    return isLast ? [marked, ' ', el('span', { class: 'doubt-label' }, doubt.label)] : [marked]
  })
}

/** A mark behind a space: `… full pay. [1]`. @param {Inline[]} inlines @param {number} index @param {number | undefined} claim */
function isMarkOf(inlines, index, claim) {
  const [space, mark] = [inlines[index], inlines[index + 1]]
  return space?.kind === 'text' && space.text.trim() === '' && mark?.kind === 'cite' && mark.claim === claim
}

/** @param {Inline} inline @param {Sources} sources @returns {Node} */
function inlineNode(inline, sources) {
  if (inline.kind === 'text') return document.createTextNode(inline.text)
  if (inline.kind !== 'cite') return el(inline.kind, {}, inline.text)
  const label = sources.label(inline.number)
  if (label === null)
    return el('span', { class: 'cite is-unknown', title: 'There is no such source' }, inline.text)
  const cite = el(
    'button',
    { type: 'button', class: 'cite', 'aria-label': `Source ${inline.number}: ${label}` },
    inline.text,
  )
  cite.addEventListener('click', () => sources.open(inline.number, inline.claim, cite))
  return cite
}
