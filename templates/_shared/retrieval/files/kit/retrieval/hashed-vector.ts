import { extractTerms } from '#kit/retrieval/terms'

export const HASHED_DIMENSIONS = 1024

/**
 * Converts a text into a unit vector of 1,024 numbers, by the text's terms (Weinberger et al., "Feature Hashing
 * for Large Scale Multitask Learning", ICML 2009). A term's `hashTerm` modulo 1,024 is its place in the vector;
 * 1 + ln(count) is added there, with a minus if the hash's highest bit is set. The vector is then divided by
 * its length. Texts that share words are near each other; texts that say the same in other words are not: it
 * is lexical, never semantic, and lets everything around vectors run without a key.
 *
 * Cosine needs a length above 0, so a text without terms has one: a NUL character and the trimmed text. If
 * terms cancel each other out, the first number is 1.
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

/** Divides a vector by its length. */
function normaliseVector(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector)
  return length === 0
    ? vector.map((_, place) => (place === 0 ? 1 : 0))
    : vector.map((value) => value / length)
}

/**
 * A whole number from 0 to 2^32 - 1, the same for the same text on every machine. 32-bit FNV-1a over UTF-16
 * units, finished like MurmurHash3, so that high and low bits are well mixed.
 */
function hashTerm(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
