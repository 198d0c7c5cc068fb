import { runsOf } from './blocks.js'
import { el } from './dom.js'
import { groupSources, isOpen } from './turn.js'

/**
 * @typedef {import('./blocks.js').Block} Block
 * @typedef {import('./turn.js').Turn} Turn
 */

const MOST = 40 // paragraphs read aloud: a listener goes to the answer itself for more

/**
 * Tells a screen reader what happens, once: the answer itself is no live region, since it changes many times a second. Paragraphs are said when they are complete.
 * @param {HTMLElement} log with role="log"
 */
export function announcer(log) {
  let said = 0

  /** @param {string} text */
  function say(text) {
    if (text.trim() !== '' && log.children.length < MOST) log.append(el('p', {}, text))
  }

  return {
    clear() {
      log.replaceChildren()
      said = 0
    },
    say,
    /** @param {Turn} turn @param {readonly Block[]} blocks */
    follow(turn, blocks) {
      const complete = isOpen(turn) ? blocks.length - 1 : blocks.length
      for (const block of blocks.slice(said, Math.max(said, complete))) say(spoken(block))
      said = Math.max(said, complete)
      if (!isOpen(turn)) say(endOf(turn))
    },
  }
}

/** @param {Block} block */
function spoken(block) {
  if (block.kind === 'code') return block.text.slice(0, 500)
  return runsOf([block])
    .flat()
    .map((inline) => (inline.kind === 'cite' ? '' : inline.text))
    .join('')
}

/** @param {Turn} turn */
function endOf(turn) {
  if (turn.status === 'failed') return `Error: ${turn.failure?.message ?? ''}. ${turn.failure?.hint ?? ''}`
  if (turn.status === 'stopped') return 'Stopped.'
  const used = groupSources(turn).used.length
  if (turn.done?.refused) return 'The nearest sections are listed.'
  return used === 0
    ? 'End of the answer. It rests on no source.'
    : `End of the answer, which rests on ${used} ${used === 1 ? 'source' : 'sources'}.`
}
