import { hashJson } from '#kit/console/hash-json'

/**
 * `file_ticket#1f0c…`: the tool, `#`, and the first 16 hex digits of the hash of tool and arguments, whatever
 * the order of their keys. An approval names it, so it never covers another call.
 */
export function fingerprintCall({ tool, input }: { tool: string; input: unknown }): string {
  return `${tool}#${hashJson([tool, input]).slice(0, 16)}`
}

/**
 * 32 hex digits, the same for the same call in the same run, whatever the order of its keys, and others for
 * another run, tool or argument: whatever receives a key twice does the work once.
 */
export function deriveIdempotencyKey(run: string, call: { tool: string; input: unknown }): string {
  return hashJson([run, call.tool, call.input]).slice(0, 32)
}
