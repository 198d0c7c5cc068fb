/**
 * @typedef {import('./contract.js').Source} Source
 * @typedef {import('./contract.js').Citation} Citation
 * @typedef {import('./contract.js').TurnEvent} TurnEvent
 * @typedef {'searching' | 'writing' | 'done' | 'stopped' | 'failed'} Status
 * @typedef {{ id: number, question: string, understood: string, status: Status, text: string, isClipped: boolean, sources: Source[],
 *   citations: Citation[], done: import('./contract.js').Done | null, failure: import('./contract.js').Failure | null }} Turn
 */

/** Longest answer that is kept, in characters, so that the page stays usable. */
export const MAX_TEXT = 200_000
/** Turns that are sent along: what a follow-up points to is near. */
const REMEMBERED = 4
const MAX_REMEMBERED_TEXT = 4_000 // characters of each

/**
 * A question that has just been asked.
 * @param {number} id @param {string} question @returns {Turn}
 */
export function startTurn(id, question) {
  return {
    id,
    question,
    understood: '',
    status: 'searching',
    text: '',
    isClipped: false,
    sources: [],
    citations: [],
    done: null,
    failure: null,
  }
}

/** @param {Turn} turn */
export function isOpen({ status }) {
  return status === 'searching' || status === 'writing'
}

/**
 * The turn after an event. What comes after the end changes nothing.
 * @param {Turn} turn @param {TurnEvent} event @returns {Turn}
 */
export function step(turn, event) {
  if (!isOpen(turn)) return turn
  switch (event.type) {
    case 'sources':
      return { ...turn, sources: event.sources, understood: event.question }
    case 'delta':
      // Cutting the same long text again for every piece would cost more than all else.
      if (turn.isClipped) return turn
      return { ...turn, status: 'writing', ...clip(turn.text + event.text) }
    case 'citation':
      return { ...turn, citations: withCitation(turn.citations, event.citation) }
    case 'done':
      // The server's list and text are the final ones; those before were early news.
      return {
        ...turn,
        status: 'done',
        isClipped: false,
        ...clip(event.done.text || turn.text),
        understood: event.done.question || turn.understood,
        citations: event.done.citations,
        done: event.done,
      }
    case 'failed':
      return { ...turn, status: 'failed', failure: event.failure }
    case 'stopped':
      return { ...turn, status: 'stopped' }
  }
}

/** @param {string} text */
function clip(text) {
  if (text.length <= MAX_TEXT) return { text }
  return { text: text.slice(0, MAX_TEXT), isClipped: true }
}

/** @param {Citation[]} citations @param {Citation} citation */
function withCitation(citations, citation) {
  return [...citations.filter(({ index }) => index !== citation.index), citation]
}

/**
 * The sources that the answer rests on, and the rest, both in the order of their numbers. After a refusal none is used.
 * @param {Turn} turn @returns {{ used: Source[], others: Source[] }}
 */
export function groupSources({ sources, citations, done }) {
  const used = new Set(done ? done.used : citations.flatMap(heldCitations))
  if (done?.refused) used.clear()
  return {
    used: sources.filter(({ number }) => used.has(number)),
    others: sources.filter(({ number }) => !used.has(number)),
  }
}

/** @param {Citation} citation */
function heldCitations({ claim }) {
  return claim.support === 'quoted' || claim.support === 'supported' ? claim.citations : []
}

/**
 * The conversation as the server wants it: complete turns only, with their questions as they were understood.
 * @param {readonly Turn[]} turns @returns {{ question: string, answer: string }[]}
 */
export function historyOf(turns) {
  return turns
    .filter(({ status }) => status === 'done')
    .slice(-REMEMBERED)
    .map(({ question, understood, text }) => ({
      question: (understood || question).slice(0, MAX_REMEMBERED_TEXT),
      answer: text.slice(0, MAX_REMEMBERED_TEXT),
    }))
}
