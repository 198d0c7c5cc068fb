import { hashJson } from '#kit/console/hash-json'

/** Of a tool and its exact arguments, whatever the order of their keys: `file_ticket#1f0c…`. An approval of one call is no approval of any other. */
export function fingerprint({ tool, input }: { tool: string; input: unknown }): string {
  return `${tool}#${hashJson([tool, input]).slice(0, 16)}`
}

/** The same for the same call in the same run. */
export function idempotencyKey(run: string, call: { tool: string; input: unknown }): string {
  return hashJson([run, call.tool, call.input]).slice(0, 32)
}
