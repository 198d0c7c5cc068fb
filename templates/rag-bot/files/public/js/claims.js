/**
 * @typedef {import('./inlines.js').Inline} Inline
 * @typedef {import('./contract.js').Citation} Citation
 * @typedef {{ run: number, inline: number, at: number, length: number }} Letter  where a letter of the answer stands
 * @typedef {{ index: number, citations: number[], first: Letter, last: Letter }} Found
 */

/**
 * Finds each claim in the answer that is shown. The server gives a claim without marks and layout, so letters and digits are compared and nothing else; claims stand in
 * the order of the text. What is not found is not marked: it is still listed below the answer.
 * @param {readonly Inline[][]} runs @param {readonly Citation[]} citations @returns {Inline[][]}
 */
export function markClaims(runs, citations) {
  if (citations.length === 0) return [...runs]
  const found = findClaims(lettersOf(runs), citations)
  /** @type {Found | undefined} */
  let before
  return runs.map((inlines, run) =>
    inlines.flatMap((inline, position) => {
      if (inline.kind === 'cite') return [markOf(inline, before)]
      const here = found.filter(({ first, last }) => isWithin({ run, inline: position }, first, last))
      before = here.at(-1) ?? before
      return splitAt(
        inline,
        here.map((claim) => spanIn(claim, { run, inline: position }, inline.text.length)),
      )
    }),
  )
}

/** A mark belongs to the claim before it, when that cites it. @param {Extract<Inline, { kind: 'cite' }>} inline @param {Found | undefined} claim @returns {Inline} */
function markOf(inline, claim) {
  return claim?.citations.includes(inline.number) ? { ...inline, claim: claim.index } : inline
}

/** @param {readonly Inline[][]} runs */
function lettersOf(runs) {
  /** @type {Letter[]} */
  const letters = []
  let folded = ''
  runs.forEach((inlines, run) => {
    inlines.forEach((one, inline) => {
      if (one.kind === 'cite') return
      for (const { 0: letter, index: at } of one.text.matchAll(/[\p{L}\p{N}]/gu)) {
        // A letter that is two when it is small would shift all that follow.
        const small = letter.toLowerCase()
        folded += small.length === letter.length ? small : letter
        for (let unit = 0; unit < letter.length; unit += 1)
          letters.push({ run, inline, at, length: letter.length })
      }
    })
  })
  return { folded, letters }
}

/** @param {{ folded: string, letters: Letter[] }} answer @param {readonly Citation[]} citations @returns {Found[]} */
function findClaims({ folded, letters }, citations) {
  let from = 0
  return citations
    .toSorted((a, b) => a.index - b.index)
    .flatMap(({ index, claim }) => {
      const wanted = lettersOf([[{ kind: 'text', text: claim.text }]]).folded
      const start = wanted === '' ? -1 : folded.indexOf(wanted, from)
      const first = letters[start]
      const last = letters[start + wanted.length - 1]
      if (first === undefined || last === undefined) return []
      from = start + wanted.length
      return [{ index, citations: claim.citations, first, last }]
    })
}

/** @param {{ run: number, inline: number }} place @param {Letter} first @param {Letter} last */
function isWithin(place, first, last) {
  return compare(first, place) <= 0 && compare(place, last) <= 0
}

/** @param {{ run: number, inline: number }} a @param {{ run: number, inline: number }} b */
function compare(a, b) {
  return a.run - b.run || a.inline - b.inline
}

/** @param {Found} found @param {{ run: number, inline: number }} place @param {number} length */
function spanIn({ index, first, last }, place, length) {
  const start = compare(first, place) === 0 ? first.at : 0
  const end = compare(last, place) === 0 ? last.at + last.length : length
  return { index, start, end }
}

/** @param {Exclude<Inline, { kind: 'cite' }>} inline @param {readonly { index: number, start: number, end: number }[]} spans @returns {Inline[]} */
function splitAt(inline, spans) {
  /** @type {Inline[]} */
  const pieces = []
  let at = 0
  for (const { index, start, end } of spans) {
    // The full stop and what closes a quotation belong to the sentence.
    const stop = end + (/^[.!?…]*["'”’)]*/.exec(inline.text.slice(end, end + 8))?.[0].length ?? 0)
    if (start > at) pieces.push({ ...inline, text: inline.text.slice(at, start) })
    pieces.push({ ...inline, text: inline.text.slice(Math.max(at, start), stop), claim: index })
    at = stop
  }
  if (at < inline.text.length) pieces.push({ ...inline, text: inline.text.slice(at) })
  return pieces
}
