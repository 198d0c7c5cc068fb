const LINE_END = /(?<![\p{L}\p{N}])((?:[\p{L}\p{N}]+[-\u2010])*[\p{L}\p{N}]+)[-\u2010]\n(?=([\p{L}\p{N}]+))/gu
// Words for "and" and "or": "first- and" is no hyphenated word.
const LANGUAGES = ['en', 'de', 'nl', 'da', 'nb', 'sv', 'fr', 'es', 'it', 'pt']

/**
 * Rejoins words that end at a hyphen at the end of a line. The document decides whether the hyphen is part of
 * the word: it may have the word elsewhere, with the hyphen or without, and may hyphenate or not.
 */
export function rejoinWords(text: string): string {
  const words = countWords(text.replace(LINE_END, ' '))
  const breaks = [...text.matchAll(LINE_END)].map(([, left = '', right = '']) => judge(left, right, words))
  const votes = breaks.reduce((sum, vote) => sum + vote, 0)
  const conjunctions = listConjunctions()
  return text.replace(LINE_END, (whole, left: string, right: string) => {
    if (conjunctions.has(right)) return whole.replace('\n', ' ')
    const vote = judge(left, right, words) || votes
    const isLower = /\p{Ll}$/u.test(left) && /^\p{Ll}/u.test(right)
    return isLower && vote <= 0 ? left : whole.slice(0, -1)
  })
}

/** Positive if the document says that the hyphen stays, negative if it says that it goes. */
function judge(left: string, right: string, words: ReadonlyMap<string, number>): number {
  const count = (word: string) => words.get(word.toLowerCase()) ?? 0
  const known = Math.sign(count(`${left}-${right}`) - count(`${left}${right}`))
  if (known !== 0) return known
  const isCompound = count(`${left}-`) > 0 || (left.length > 2 && count(left) > 0 && count(right) > 0)
  return isCompound ? 0.5 : 0
}

/** Counts words, and the first parts of hyphenated ones as `self-`. */
function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [word] of text.matchAll(/[\p{L}\p{N}]+(?:[-\u2010][\p{L}\p{N}]+)*/gu)) {
    const key = word.replace(/\u2010/g, '-').toLowerCase()
    const [first = ''] = key.match(/^[^-]+-/) ?? []
    for (const each of [key, first]) counts.set(each, (counts.get(each) ?? 0) + 1)
  }
  return counts
}

function listConjunctions(): Set<string> {
  const types = ['conjunction', 'disjunction'] as const
  const all = LANGUAGES.flatMap((language) =>
    types.map((type) => new Intl.ListFormat(language, { type }).formatToParts(['a', 'b'])[1]?.value.trim()),
  )
  return new Set(all.filter((word) => word !== undefined))
}
