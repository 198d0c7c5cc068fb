import { createHash } from 'node:crypto'

/** `file_ticket#1f0c…`: tool and exact arguments, whatever the order of their keys. An approval names it, so it never covers another call. */
export function fingerprintCall({ tool, input }: { tool: string; input: unknown }): string {
  return `${tool}#${hash([tool, input]).slice(0, 16)}`
}

/** 32 hex digits, the same for the same call in the same run: whatever receives a key twice does the work once. */
export function deriveIdempotencyKey(run: string, call: { tool: string; input: unknown }): string {
  return hash([run, call.tool, call.input]).slice(0, 32)
}

function hash(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(value)))
    .digest('hex')
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, inner]) => [key, sortKeys(inner)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
