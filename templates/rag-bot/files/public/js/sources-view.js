import { button, el, fill, scrollTo } from './dom.js'
import { placeOf } from './figures.js'
import { excerptOf, segmentsOf } from './passages.js'
import { groupSources } from './turn.js'

/**
 * @typedef {import('./turn.js').Turn} Turn
 * @typedef {import('./contract.js').Source} Source
 * @typedef {{ element: HTMLDetailsElement, marks: HTMLElement[] }} Card
 */

const NEAREST = 3 // sections shown after a refusal

/**
 * The sources of one turn, next to its answer: the cited ones first, each with the quoted passage.
 * @param {HTMLElement} container @param {number} turnId
 */
export function sourcesList(container, turnId) {
  /** @type {Map<number, Card>} */
  const cards = new Map()
  let shown = ''
  /** @type {HTMLElement | null} */
  let cameFrom = null
  const goBack = () => cameFrom?.focus()

  return {
    /** @param {Turn} turn */
    update(turn) {
      const key = JSON.stringify([
        turn.sources.length,
        turn.citations.map(({ index, passages }) => [index, passages]),
        turn.done?.used,
        turn.status,
      ])
      if (key === shown) return
      shown = key
      const open = new Set([...cards].filter(([, { element }]) => element.open).map(([number]) => number))
      cards.clear()
      const groups = headed(turn)
      fill(
        container,
        ...groups.flatMap(({ heading, sources, isUsed }) => [
          el('h3', { class: 'sources-heading' }, heading),
          el(
            'ol',
            { class: 'sources-list' },
            ...sources.map((source) => {
              const card = sourceCard(source, turn, { id: `t${turnId}-s${source.number}`, isUsed, goBack })
              card.element.open = open.has(source.number)
              cards.set(source.number, card)
              return el('li', {}, card.element)
            }),
          ),
        ]),
      )
      if (groups.length === 0 && turn.status === 'done')
        fill(container, el('p', { class: 'quiet' }, 'No section shares a word with the question.'))
    },
    /** @param {number} number @param {number | undefined} claim @param {HTMLElement} from */
    open(number, claim, from) {
      const card = cards.get(number)
      if (!card) return
      cameFrom = from
      card.element.open = true
      for (const { marks } of cards.values()) for (const mark of marks) mark.classList.remove('is-active')
      const active = card.marks.filter(
        (mark) => claim === undefined || mark.dataset['claims']?.split(' ').includes(String(claim)),
      )
      for (const mark of active) mark.classList.add('is-active')
      card.element.querySelector('summary')?.focus({ preventScroll: true })
      const [first] = active
      if (first) scrollTo(first, 'nearest')
      else scrollTo(card.element, 'nearest')
    },
  }
}

/** @param {Turn} turn */
function headed(turn) {
  const { used, others } = groupSources(turn)
  const isRefused = turn.done?.refused === true
  const groups = isRefused
    ? [
        { heading: 'Nearest sections', sources: others.slice(0, NEAREST), isUsed: false },
        { heading: 'Further away', sources: others.slice(NEAREST), isUsed: false },
      ]
    : [
        {
          heading: used.length === 1 ? 'The source it rests on' : `The ${used.length} sources it rests on`,
          sources: used,
          isUsed: true,
        },
        {
          heading: used.length === 0 ? 'Sections that were found' : 'Also found, not used',
          sources: others,
          isUsed: false,
        },
      ]
  return groups.filter(({ sources }) => sources.length > 0)
}

/**
 * @param {Source} source @param {Turn} turn @param {{ id: string, isUsed: boolean, goBack: () => void }} options
 * @returns {Card}
 */
function sourceCard(source, turn, { id, isUsed, goBack }) {
  const segments = segmentsOf(source, turn.citations)
  const nodes = segments.map(({ text, claims }) =>
    claims.length === 0
      ? document.createTextNode(text)
      : el('mark', { 'data-claims': claims.join(' ') }, text),
  )
  const summary = el(
    'summary',
    {},
    el('span', { class: 'source-number' }, `[${source.number}]`),
    el(
      'span',
      { class: 'source-head' },
      el('span', { class: 'source-place' }, placeOf(source).join(' › ') || source.document),
      el('span', { class: 'source-document' }, source.document),
      isUsed && el('span', { class: 'source-excerpt' }, excerptOf(segments)),
    ),
  )
  const element = el(
    'details',
    { id, class: isUsed ? 'source is-used' : 'source' },
    summary,
    el('div', { class: 'source-text' }, ...nodes),
    button('Back to the answer', goBack, { class: 'link back' }),
  )
  return { element, marks: nodes.filter((node) => node instanceof HTMLElement) }
}
