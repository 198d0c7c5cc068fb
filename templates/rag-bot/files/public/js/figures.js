/**
 * @typedef {import('./contract.js').Done} Done
 * @typedef {import('./contract.js').Claim} Claim
 */

/**
 * The quiet line below an answer: who answered, and what it took.
 * @param {Done} done @returns {string[]}
 */
export function figuresOf({ provider, model, usage, timings }) {
  if (usage.calls === 0) return ['no model was asked', ...timesOf(timings)]
  const about = usage.estimated ? '~' : ''
  const count = (/** @type {number} */ tokens) => `${about}${tokens.toLocaleString('en-US')}`
  return [
    [...new Set([provider, model])].filter(Boolean).join(' · '),
    `${count(usage.inputTokens)} tokens in, ${count(usage.outputTokens)} out`,
    costOf(usage, about),
    ...timesOf(timings),
  ]
}

/** @param {Done['usage']} usage @param {string} about */
function costOf({ costUsd }, about) {
  if (costUsd === null) return 'price unknown'
  const usd = Number(costUsd.toPrecision(3))
  return usd === 0 ? '$0' : `${about}$${usd.toLocaleString('en-US', { maximumSignificantDigits: 3 })}`
}

/** @param {Done['timings']} timings */
function timesOf({ retrievalMs, firstTokenMs, totalMs }) {
  return [
    ...(retrievalMs === null ? [] : [`search ${duration(retrievalMs)}`]),
    ...(firstTokenMs === null ? [] : [`first word ${duration(firstTokenMs)}`]),
    ...(totalMs === null ? [] : [`whole ${duration(totalMs)}`]),
  ]
}

/** @param {number} ms */
function duration(ms) {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`
}

/**
 * Why a claim is in doubt, in words; empty when it is not.
 * @param {Claim} claim @returns {{ label: string, reason: string } | null}
 */
export function doubtOf({ support, citations, missing }) {
  if (support === 'uncited') return { label: 'no source', reason: 'No source is cited for this.' }
  if (support !== 'unsupported') return null
  const cited = citations.length === 1 ? `Source ${citations[0]} does` : `Sources ${citations.join(', ')} do`
  const words = missing.slice(0, 6).map((word) => `“${word}”`)
  const reason = `${cited} not say this${words.length > 0 ? `: ${words.join(', ')} not found there` : ''}.`
  return { label: 'not in the source', reason }
}

/** Where a section stands. @param {{ title: string, headings: readonly string[] }} source */
export function placeOf({ title, headings }) {
  return [title, ...headings].filter(Boolean)
}
