import { createHash } from 'node:crypto'

/**
 * Returns the SHA-256 of canonical JSON in hex: the same for equal values, whatever the order of their keys.
 */
export function hashJson(value: unknown): string {
  return createHash('sha256').update(toCanonicalJson(value)).digest('hex')
}

/**
 * Formats JSON without whitespace and with sorted keys, at every depth: integer keys first, as in any
 * JavaScript object, then the others by UTF-16 code units. Lists keep their order. Every key counts, also
 * `__proto__`. Equal values have equal texts, different values different ones.
 */
export function toCanonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value))
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, item]) => [key, sortKeys(item)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
