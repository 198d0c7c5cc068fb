import { answerActions } from './actions-view.js'
import { el, fill } from './dom.js'
import { placeOf } from './figures.js'
import { noticesOf } from './notices-view.js'
import { sourcesList } from './sources-view.js'
import { answerText } from './text-view.js'
import { isOpen } from './turn.js'

/**
 * @typedef {import('./turn.js').Turn} Turn
 * @typedef {{ retry: (turn: Turn) => void }} TurnActions
 */

/**
 * One question with its answer and its sources.
 * @param {Turn} first @param {TurnActions} actions
 */
export function turnView(first, actions) {
  const id = `t${first.id}`
  let turn = first
  const understood = el('p', { class: 'understood quiet' })
  const status = el('p', { class: 'status quiet' })
  const text = el('div', { class: 'text' })
  const after = el('div', { class: 'after' })
  const answer = el('section', { class: 'answer', 'aria-label': 'Answer' }, understood, status, text, after)
  const aside = el('section', {
    id: `${id}-sources`,
    class: 'sources',
    'aria-label': 'Sources',
    tabindex: '-1',
  })
  const element = el(
    'article',
    { id, class: 'turn', 'aria-labelledby': `${id}-q` },
    el('h2', { id: `${id}-q`, class: 'question', tabindex: '-1' }, first.question),
    el('div', { class: 'columns' }, answer, aside),
  )
  const list = sourcesList(aside, first.id)
  const view = answerText(text, {
    label: (number) => {
      const source = turn.sources.find((one) => one.number === number)
      return source ? placeOf(source).join(' › ') || source.document : null
    },
    open: list.open,
  })
  let ended = false

  return {
    element,
    /** @param {Turn} next @returns the blocks that are shown */
    update(next) {
      turn = next
      understood.textContent =
        turn.understood !== '' && turn.understood !== turn.question ? `Understood as: ${turn.understood}` : ''
      status.textContent = statusOf(turn)
      answer.setAttribute('aria-busy', String(isOpen(turn)))
      element.dataset['status'] = turn.done?.refused ? 'refused' : turn.status
      const blocks = view.update(turn.text, turn.citations, isOpen(turn))
      list.update(turn)
      if (!isOpen(turn) && !ended) {
        ended = true
        fill(after, ...noticesOf(turn, () => actions.retry(turn)), answerActions(turn, text))
      }
      return blocks
    },
  }
}

/** @param {Turn} turn */
function statusOf({ status, sources }) {
  if (status !== 'searching') return ''
  if (sources.length === 0) return 'Searching the documents…'
  return `Reading ${sources.length} ${sources.length === 1 ? 'section' : 'sections'}…`
}
