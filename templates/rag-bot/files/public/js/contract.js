/**
 * What the server says (ask-sse v1), read at the door: from here on the types hold, whatever arrived. All of its strings are untrusted: they may only become text.
 *
 * @typedef {{ number: number, id: string, document: string, title: string, headings: string[], text: string }} Source
 * @typedef {'quoted' | 'supported' | 'unsupported' | 'uncited'} Support
 * @typedef {{ text: string, citations: number[], support: Support, missing: string[] }} Claim
 * @typedef {{ source: number, start: number, end: number }} Passage  offsets into the source's text, in UTF-16 units
 * @typedef {{ index: number, claim: Claim, passages: Passage[] }} Citation
 * @typedef {{ calls: number, inputTokens: number, outputTokens: number, costUsd: number | null, estimated: boolean }} Usage
 * @typedef {{ retrievalMs: number | null, firstTokenMs: number | null, totalMs: number | null }} Timings
 * @typedef {{ question: string, text: string, refused: boolean, citations: Citation[], unknown: number[], used: number[],
 *   provider: string, model: string, usage: Usage, timings: Timings }} Done
 * @typedef {{ code: string, message: string, hint: string, id: string, retryAfter: number | null }} Failure  retryAfter in seconds
 * @typedef {{ type: 'sources', question: string, sources: Source[] }
 *   | { type: 'delta', text: string }
 *   | { type: 'citation', citation: Citation }
 *   | { type: 'done', done: Done }
 *   | { type: 'failed', failure: Failure }
 *   | { type: 'stopped' }} TurnEvent
 */

const MAX_LIST = 500 // of anything: more is nothing that a person reads

/**
 * One event of the stream. Unknown ones are undefined: a newer server may say more. Throws when the data is no JSON.
 * @param {import('./sse.js').SseEvent} event
 * @returns {TurnEvent | undefined}
 */
export function readEvent({ event, data }) {
  if (!Object.hasOwn(READERS, event)) return undefined
  return READERS[/** @type {keyof typeof READERS} */ (event)](recordOf(JSON.parse(data)))
}

const READERS = {
  /** @param {Fields} data @returns {TurnEvent} */
  sources: (data) => ({
    type: 'sources',
    question: textOf(data['question']),
    sources: listOf(data['sources']).map(readSource),
  }),
  /** @param {Fields} data @returns {TurnEvent} */
  delta: (data) => ({ type: 'delta', text: textOf(data['text']) }),
  /** @param {Fields} data @returns {TurnEvent} */
  citation: (data) => ({ type: 'citation', citation: readCitation(data) }),
  /** @param {Fields} data @returns {TurnEvent} */
  done: (data) => ({ type: 'done', done: readDone(data) }),
  /** @param {Fields} data @returns {TurnEvent} */
  error: (data) => ({ type: 'failed', failure: readFailure(data) }),
}

/**
 * An error of the stream, or the `error` of a JSON answer.
 * @param {unknown} value
 * @returns {Failure}
 */
export function readFailure(value) {
  const { code, message, hint, id } = recordOf(value)
  return {
    code: textOf(code) || 'internal',
    message: textOf(message) || 'Something went wrong on the server',
    hint: textOf(hint),
    id: textOf(id),
    retryAfter: null,
  }
}

/** @param {unknown} value @returns {Source} */
function readSource(value) {
  const { number, id, document, title, headings, text } = recordOf(value)
  return {
    number: countOf(number),
    id: textOf(id),
    document: textOf(document),
    title: textOf(title),
    headings: listOf(headings).map(textOf),
    text: textOf(text),
  }
}

/** @param {unknown} value @returns {Citation} */
function readCitation(value) {
  const { index, claim, passages } = recordOf(value)
  const { text, citations, support, missing } = recordOf(claim)
  return {
    index: countOf(index),
    claim: {
      text: textOf(text),
      citations: listOf(citations).map(countOf),
      // What this page does not know was not checked, as far as it can say.
      support:
        support === 'quoted' || support === 'supported' || support === 'uncited' ? support : 'unsupported',
      missing: listOf(missing).map(textOf),
    },
    passages: listOf(passages).map(readPassage),
  }
}

/** @param {unknown} value @returns {Passage} */
function readPassage(value) {
  const { source, start, end } = recordOf(value)
  return { source: countOf(source), start: countOf(start), end: countOf(end) }
}

/** @param {Fields} data @returns {Done} */
function readDone({ question, text, refused, citations, unknown, used, provider, model, usage, timings }) {
  const { calls, inputTokens, outputTokens, costUsd, estimated } = recordOf(usage)
  const { retrievalMs, firstTokenMs, totalMs } = recordOf(timings)
  return {
    question: textOf(question),
    text: textOf(text),
    refused: refused === true,
    citations: listOf(citations).map(readCitation),
    unknown: listOf(unknown).map(countOf),
    used: listOf(used).map(countOf),
    provider: textOf(provider),
    model: textOf(model),
    usage: {
      calls: countOf(calls),
      inputTokens: countOf(inputTokens),
      outputTokens: countOf(outputTokens),
      costUsd: numberOf(costUsd),
      estimated: estimated === true,
    },
    timings: {
      retrievalMs: numberOf(retrievalMs),
      firstTokenMs: numberOf(firstTokenMs),
      totalMs: numberOf(totalMs),
    },
  }
}

/** @typedef {Record<string, unknown>} Fields */

/** @param {unknown} value @returns {Fields} */
function recordOf(value) {
  return typeof value === 'object' && value !== null ? /** @type {Fields} */ (value) : {}
}

/** @param {unknown} value @returns {unknown[]} */
function listOf(value) {
  return Array.isArray(value) ? value.slice(0, MAX_LIST) : []
}

/** @param {unknown} value */
function textOf(value) {
  return typeof value === 'string' ? value : ''
}

/** @param {unknown} value */
function numberOf(value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** A whole number from 0. @param {unknown} value */
function countOf(value) {
  return Math.max(0, Math.trunc(numberOf(value) ?? 0))
}
