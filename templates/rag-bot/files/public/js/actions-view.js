import { button, el } from './dom.js'
import { figuresOf, placeOf } from './figures.js'
import { groupSources } from './turn.js'

/** @typedef {import('./turn.js').Turn} Turn */

/**
 * Below an answer: copy, the way to the sources on a narrow page, and what it took.
 * @param {Turn} turn @param {HTMLElement} text
 */
export function answerActions(turn, text) {
  const { done, sources } = turn
  const isRefused = done?.refused === true
  return el(
    'footer',
    { class: 'actions' },
    el(
      'div',
      { class: 'action-row' },
      turn.text !== '' && !isRefused && copyButton(turn, text),
      sources.length > 0 &&
        el('a', { class: 'to-sources', href: `#t${turn.id}-sources` }, `Sources (${sources.length})`),
    ),
    done && el('p', { class: 'figures quiet' }, figuresOf(done).join(' · ')),
    done?.provider === 'heuristic' &&
      done.usage.calls > 0 &&
      el(
        'p',
        { class: 'quiet' },
        'The heuristic provider is not a language model: it quotes the sentences that share most words with the question.',
      ),
  )
}

/** @param {Turn} turn @param {HTMLElement} text */
function copyButton(turn, text) {
  const element = button(
    'Copy answer',
    async () => {
      element.textContent = (await copied(textOf(turn), text)) ? 'Copied' : 'Selected: now copy'
      setTimeout(() => (element.textContent = 'Copy answer'), 2_000)
    },
    { 'aria-live': 'polite' },
  )
  return element
}

/** The answer with the sources that it names. @param {Turn} turn */
function textOf(turn) {
  const sources = groupSources(turn).used.map(
    (source) => `[${source.number}] ${source.document}: ${placeOf(source).join(' > ')}`,
  )
  return [turn.text, ...sources].join('\n')
}

/** Where a page may not write to the clipboard, the text is selected for the hand that can. @param {string} text @param {HTMLElement} element */
async function copied(text, element) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    getSelection()?.selectAllChildren(element)
    return false
  }
}
