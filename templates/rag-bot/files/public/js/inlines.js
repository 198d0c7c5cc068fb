/**
 * @typedef {{ kind: 'text' | 'strong' | 'em' | 'code', text: string, claim?: number }
 *   | { kind: 'cite', number: number, text: string, claim?: number }} Inline  claim: index of the claim that it is part of, or the mark of
 */

/** Code, bold, italics, or a mark as `kit/retrieval/citations.ts` reads it: `[2]`, `[1, 3]`, `[1-3]`, in full-width brackets too. */
const PIECE =
  /`([^`\n]+)`|\*\*([^*\n]+)\*\*|(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])|[[【]\^?(\d{1,3}(?:\s*[,–-]\s*\^?\d{1,3})*)[\]】]/g
const LONGEST_RANGE = 20

/**
 * @param {string} text @param {'text' | 'strong' | 'em'} [kind]
 * @returns {Inline[]}
 */
export function inlinesOf(text, kind = 'text') {
  /** @type {Inline[]} */
  const inlines = []
  let at = 0
  for (const found of text.matchAll(PIECE)) {
    const [whole, code, strong, em, marks] = found
    if (found.index > at) inlines.push({ kind, text: text.slice(at, found.index) })
    at = found.index + whole.length
    if (code !== undefined) inlines.push({ kind: 'code', text: code })
    else if (strong !== undefined) inlines.push(...inlinesOf(strong, 'strong'))
    else if (em !== undefined) inlines.push(...inlinesOf(em, 'em'))
    else
      for (const number of numbersIn(marks ?? '')) inlines.push({ kind: 'cite', number, text: `[${number}]` })
  }
  if (at < text.length) inlines.push({ kind, text: text.slice(at) })
  return inlines
}

/** `1, 3` and `1-3`. @param {string} list @returns {number[]} */
function numbersIn(list) {
  const numbers = list.split(',').flatMap((part) => {
    const [first = 0, last = first] = (part.match(/\d+/g) ?? []).map(Number)
    const length = Math.max(1, Math.min(last - first + 1, LONGEST_RANGE))
    return Array.from({ length }, (_, index) => first + index)
  })
  return [...new Set(numbers)]
}

/** Without a mark or a bold that has only begun: half of one would flicker while an answer streams. @param {string} text */
export function withoutHalfMark(text) {
  return text.replace(/\s*(?:[[【]\^?[\d,\s–-]{0,12}|\*{1,2})$/, '')
}
