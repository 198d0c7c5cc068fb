import { button, el } from './dom.js'
import { doubtOf } from './figures.js'

/** @typedef {import('./turn.js').Turn} Turn */

/**
 * What must be said about an answer that has ended: an error, that it is incomplete, what in it no source says.
 * @param {Turn} turn @param {() => void} retry @returns {HTMLElement[]}
 */
export function noticesOf(turn, retry) {
  return [
    ...(turn.status === 'failed' ? [failureNotice(turn, retry)] : []),
    ...(turn.status === 'stopped' ? [stoppedNotice(turn, retry)] : []),
    ...(turn.isClipped
      ? [notice('warning', 'Only the beginning is shown', 'The answer is longer than this page can show.')]
      : []),
    ...(turn.done?.refused ? [refusalHint(turn)] : []),
    ...doubtNotice(turn),
  ]
}

/** @param {'error' | 'warning' | 'quiet'} kind @param {string} message @param {...(string | Node | false)} details */
function notice(kind, message, ...details) {
  const shown = details.filter((detail) => detail !== false && detail !== '')
  return el(
    'div',
    { class: `notice is-${kind}` },
    el('p', { class: 'notice-title' }, message),
    ...shown.map((detail) => (typeof detail === 'string' ? el('p', {}, detail) : detail)),
  )
}

/** @param {Turn} turn @param {() => void} retry */
function failureNotice({ failure, text }, retry) {
  const { message = '', hint = '', id = '', retryAfter = null } = failure ?? {}
  return notice(
    'error',
    message,
    text !== '' && 'The answer above is incomplete.',
    hint,
    id !== '' && el('p', { class: 'quiet' }, 'In the server’s log: ', el('code', {}, id)),
    retryButton(retry, retryAfter),
  )
}

/** @param {Turn} turn @param {() => void} retry */
function stoppedNotice({ text }, retry) {
  return notice(
    'quiet',
    'Stopped',
    text !== '' && 'The answer above is incomplete.',
    button('Ask again', retry),
  )
}

/** Counts down when the server said how long to wait. @param {() => void} retry @param {number | null} seconds */
function retryButton(retry, seconds) {
  const element = button('Retry', () => {
    if (element.getAttribute('aria-disabled') !== 'true') retry()
  })
  if (seconds === null) return element
  const until = Date.now() + seconds * 1_000
  const show = () => {
    const left = Math.ceil((until - Date.now()) / 1_000)
    element.textContent = left > 0 ? `Retry in ${left} s` : 'Retry'
    element.setAttribute('aria-disabled', String(left > 0))
    return left
  }
  show()
  const timer = setInterval(() => {
    if (show() <= 0 || !element.isConnected) clearInterval(timer)
  }, 1_000)
  return element
}

/** @param {Turn} turn @returns {HTMLElement[]} */
function doubtNotice({ citations, done }) {
  const doubts = citations.flatMap(({ claim }) => {
    const doubt = doubtOf(claim)
    return doubt ? [el('li', {}, el('q', {}, shortened(claim.text)), ' ', doubt.reason)] : []
  })
  const unknown = (done?.unknown ?? []).map((number) =>
    el('li', {}, `It cites [${number}], and there is no such source.`),
  )
  const items = [...doubts, ...unknown]
  if (items.length === 0) return []
  const count = items.length === 1 ? 'One thing' : `${items.length} things`
  return [notice('warning', `${count} to check: no source backs this`, el('ul', {}, ...items))]
}

/** @param {Turn} turn */
function refusalHint({ sources }) {
  const nearest =
    sources.length > 0 ? ' The nearest sections are listed; their words may make a better question.' : ''
  return el('p', { class: 'refusal-hint quiet' }, `No document says enough about it.${nearest}`)
}

/** @param {string} text */
function shortened(text) {
  const letters = [...text]
  return letters.length > 160 ? `${letters.slice(0, 160).join('')}…` : text
}
