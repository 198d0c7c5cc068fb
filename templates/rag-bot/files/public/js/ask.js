import { readEvent, readFailure } from './contract.js'
import { readSse } from './sse.js'

/**
 * @typedef {import('./contract.js').TurnEvent} TurnEvent
 * @typedef {import('./contract.js').Failure} Failure
 * @typedef {{ question: string, history: { question: string, answer: string }[] }} Question
 */

const LONGEST_WAIT = 3_600 // seconds
const FRAME = 12 // milliseconds of work before the page may draw and listen again

/**
 * Asks, and yields what happens. Never throws: the last event is `done`, `failed` or `stopped`. A stream that ends without saying how it ended was cut.
 * @param {Question} question
 * @param {{ signal: AbortSignal, fetch?: typeof globalThis.fetch }} options
 * @returns {AsyncGenerator<TurnEvent>}
 */
export async function* ask(question, { signal, fetch = globalThis.fetch }) {
  let hasBegun = false
  try {
    const response = await fetch('/api/ask', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(question),
      signal,
    })
    if (!isStream(response)) {
      yield { type: 'failed', failure: await failureOf(response) }
      return
    }
    hasBegun = true
    for await (const event of readEvents(response)) {
      yield event
      if (event.type === 'done' || event.type === 'failed') return
    }
    yield { type: 'failed', failure: CUT }
  } catch (error) {
    if (signal.aborted) yield { type: 'stopped' }
    else yield { type: 'failed', failure: hasBegun ? CUT : connectionFailure(error) }
  }
}

/** @param {Response} response */
function isStream(response) {
  return response.ok && (response.headers.get('content-type') ?? '').startsWith('text/event-stream')
}

/** A hundred thousand events at once must not keep the page from drawing. @param {Response} response */
async function* readEvents(response) {
  if (response.body === null) return
  let since = performance.now()
  for await (const batch of readSse(response.body)) {
    for (const raw of batch) {
      const event = readEvent(raw)
      if (event !== undefined) yield event
      if (performance.now() - since < FRAME) continue
      await new Promise((resolve) => setTimeout(resolve))
      since = performance.now()
    }
  }
}

/** @param {Response} response @returns {Promise<Failure>} */
async function failureOf(response) {
  const body = await response.json().catch(() => null)
  const known = typeof body === 'object' && body !== null && 'error' in body
  const failure = known
    ? readFailure(body.error)
    : { ...UNEXPECTED, message: `The server answered ${response.status}` }
  return { ...failure, retryAfter: secondsUntil(response.headers.get('retry-after')) }
}

/**
 * A Retry-After header: seconds, or a date.
 * @param {string | null} header @returns {number | null} seconds, at least 1
 */
export function secondsUntil(header, now = Date.now()) {
  if (header === null || header.trim() === '') return null
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1_000
  return Number.isFinite(seconds) ? Math.min(LONGEST_WAIT, Math.max(1, Math.ceil(seconds))) : null
}

/** @param {unknown} error @returns {Failure} */
function connectionFailure(error) {
  if (error instanceof SyntaxError) return UNEXPECTED
  const isOffline = globalThis.navigator?.onLine === false
  return {
    ...UNEXPECTED,
    code: isOffline ? 'offline' : 'unreachable',
    message: isOffline ? 'You are offline' : 'The server cannot be reached',
    hint: isOffline ? 'Connect, then try again.' : 'Is it running? It is started with: npm run serve',
  }
}

/** @type {Failure} */
const UNEXPECTED = {
  code: 'unexpected',
  message: 'The server sent something that this page does not understand',
  hint: 'The log of the server may say why.',
  id: '',
  retryAfter: null,
}

/** @type {Failure} */
const CUT = {
  code: 'cut',
  message: 'The connection ended before the answer did',
  hint: 'Try again: the question is still here.',
  id: '',
  retryAfter: null,
}
