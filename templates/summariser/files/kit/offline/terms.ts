const STOP_WORDS = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by can
could did do does doing down during each few for from further had has have having he her here hers him his how i if in into
is it its itself just may me might more most must my no nor not now of off on once only or other our ours out over own s
same shall she should so some such t than that the their theirs them then there these they this those through to too under
until up upon us very was we were what when where which while who whom why will with would you your yours`.split(
    /\s+/,
  ),
)

// Scripts that put no space between words: one character is the smallest term that still tells sentences
// apart.
const TERM = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}]+/gu

/** Extracts the topic terms of a sentence: lower case, no stop words, plurals folded. */
export function extractTopicTerms(text: string): string[] {
  const terms =
    text
      .toLowerCase()
      .replaceAll(/['’]s\b/g, '')
      .match(TERM) ?? []
  return terms
    .filter((term) => !STOP_WORDS.has(term))
    .map((term) => (/[^su]s$/.test(term) && term.length > 3 ? term.slice(0, -1) : term))
}
