import { createHash } from 'node:crypto'

/** Of a tool and its exact arguments, whatever the order of their keys: `file_ticket#1f0c…`. An approval of one call is no approval of any other. */
export function fingerprint({ tool, input }: { tool: string; input: unknown }): string {
  return `${tool}#${hash([tool, input]).slice(0, 16)}`
}

/** The same for the same call in the same run. */
export function idempotencyKey(run: string, call: { tool: string; input: unknown }): string {
  return hash([run, call.tool, call.input]).slice(0, 32)
}

function hash(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
