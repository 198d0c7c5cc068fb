/**
 * Similarity from which one text counts as the other, reworded. Chosen on the templates' own samples, see
 * docs/decisions/020-gates.md.
 */
const SHINGLE_LIMIT = 0.22
const ORDER_LIMIT = 0.43
/** Code repeats itself: only runs of words count, and it takes more of them than in prose. */
const CODE_LIMIT = 0.33
/**
 * Two texts by one author on one subject, such as invoices of one layout, share much; only near-identical
 * texts count as copies.
 */
const DUPLICATE_LIMIT = 0.8
const SHINGLE = 3
/** Comparing the order of more words than this takes seconds and changes no result. */
const COMPARED_WORDS = 1500

/** Words that any two English texts share; their order does not show who copied whom. */
const COMMON = new Set(
  `a about after all also am an and any are as at be because been before being between both but by can could did do does done down each else
  few for from get had has have he her here him his how i if in into is it its just may me more most must my no nor not now of off on once one
  only or other our out over own per same she should so some such than that the their them then there these they this those through to too
  under until up use used very was we were what when where which while who why will with would yes you your`.split(
    /\s+/,
  ),
)

/** A text, prepared for comparison. */
export interface Fingerprint {
  words: number
  shingles: ReadonlySet<string>
  /** Words that carry meaning, numbers included, each at its first occurrence. */
  content: readonly string[]
}

/**
 * Keeps only letters and digits, in lower case, so that punctuation, spaces and line breaks cannot hide a
 * copy.
 */
export function takeFingerprint(text: string): Fingerprint {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  const shingles = new Set<string>()
  for (let at = 0; at + SHINGLE <= words.length; at++) shingles.add(words.slice(at, at + SHINGLE).join(' '))
  const content = [...new Set(words)].filter((word) => !COMMON.has(word)).slice(0, COMPARED_WORDS)
  return { words: words.length, shingles, content }
}

/**
 * Whether `text` is one of `samples`, or made from them: under another name, or with words exchanged, cut or
 * joined. Runs of three words detect copies and excerpts; the longest common order of content words detects a
 * text in which every third word was replaced.
 */
export function isTakenFrom(text: Fingerprint, samples: readonly Fingerprint[]): boolean {
  if (text.content.length === 0) return true
  return share(text.shingles, samples) >= SHINGLE_LIMIT || samples.some((sample) => keepsOrder(text, sample))
}

/** Code, prepared for comparison without its imports, which do not show who wrote it. */
export function fingerprintCode(text: string): Fingerprint {
  return takeFingerprint(text.replace(/^import\b[\s\S]*?from\s+['"][^'"]+['"];?$/gm, ' '))
}

/** Whether code is shipped code, possibly with names changed. */
export function isCodeTakenFrom(code: Fingerprint, samples: readonly Fingerprint[]): boolean {
  // Compare with one sample at a time: the more samples there are, the more of any test occurs in one of
  // them.
  return code.shingles.size === 0 || samples.some((sample) => share(code.shingles, [sample]) >= CODE_LIMIT)
}

function share(shingles: ReadonlySet<string>, samples: readonly Fingerprint[]): number {
  if (shingles.size === 0) return 0
  let found = 0
  for (const shingle of shingles) if (samples.some((sample) => sample.shingles.has(shingle))) found++
  return found / shingles.size
}

function keepsOrder(text: Fingerprint, sample: Fingerprint): boolean {
  const wanted = Math.ceil(ORDER_LIMIT * text.content.length)
  if (countCommonWords(text.content, sample.content) < wanted) return false
  return measureCommonOrder(text.content, sample.content) >= wanted
}

/** An upper bound of the common order, at a fraction of its cost. */
function countCommonWords(text: readonly string[], sample: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const word of sample) counts.set(word, (counts.get(word) ?? 0) + 1)
  let common = 0
  for (const word of text) {
    const left = counts.get(word) ?? 0
    if (left === 0) continue
    counts.set(word, left - 1)
    common++
  }
  return common
}

/** Length of the longest common subsequence, in words. */
function measureCommonOrder(left: readonly string[], right: readonly string[]): number {
  let row = new Uint16Array(right.length + 1)
  for (const word of left) {
    const next = new Uint16Array(right.length + 1)
    for (let column = 1; column <= right.length; column++) {
      const same = right[column - 1] === word ? (row[column - 1] ?? 0) + 1 : 0
      next[column] = Math.max(same, row[column] ?? 0, next[column - 1] ?? 0)
    }
    row = next
  }
  return row[right.length] ?? 0
}

/** Texts that are not copies of a sample or of an earlier text. */
export function keepOriginals<T extends { text: Fingerprint }>(
  candidates: readonly T[],
  isTaken: (candidate: T) => boolean,
): T[] {
  const own: T[] = []
  for (const candidate of candidates) {
    const isCopy = own.some(({ text }) => isNearlyTheSame(candidate.text, text))
    if (!isCopy && !isTaken(candidate)) own.push(candidate)
  }
  return own
}

export function isNearlyTheSame(text: Fingerprint, other: Fingerprint): boolean {
  if (text.shingles.size === 0) return text.content.join(' ') === other.content.join(' ')
  return share(text.shingles, [other]) >= DUPLICATE_LIMIT
}
