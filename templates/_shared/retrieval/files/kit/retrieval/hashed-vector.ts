import { extractTerms } from '#kit/retrieval/terms'

export const HASHED_DIMENSIONS = 1024

/**
 * Converts a text into a unit vector of 1,024 numbers: hashes each term to one of them, with a sign, and
 * weights it by 1 + ln(count) (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML
 * 2009). Texts that share words are near each other; texts that say the same in other words are not. It is
 * lexical, never semantic, and lets everything around vectors run without a key. A text without terms is
 * hashed as a whole: cosine needs a length above 0.
 */
export function hashToVector(text: string): number[] {
  const counts = new Map<string, number>()
  for (const term of extractTerms(text)) counts.set(term, (counts.get(term) ?? 0) + 1)
  if (counts.size === 0) counts.set(`\0${text.trim()}`, 1)
  const vector = new Array<number>(HASHED_DIMENSIONS).fill(0)
  for (const [term, count] of counts) {
    const hash = hashTerm(term)
    const place = hash % HASHED_DIMENSIONS
    vector[place] = (vector[place] ?? 0) + (hash & 0x8000_0000 ? -1 : 1) * (1 + Math.log(count))
  }
  return normaliseVector(vector)
}

/** If terms cancel each other out, the vector would be all zeros: the first number becomes 1 instead. */
function normaliseVector(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector)
  return length === 0
    ? vector.map((_, place) => (place === 0 ? 1 : 0))
    : vector.map((value) => value / length)
}

/** 32-bit FNV-1a over UTF-16 units, finished like MurmurHash3, so that high and low bits are well mixed. */
function hashTerm(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
