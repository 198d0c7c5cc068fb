import type { Writable } from 'node:stream'

/** Writes one line of JSON about an event. Never log questions or answers. */
export type Log = (event: string, fields: Record<string, string | number | boolean | null>) => void

export function createJsonLog(stream: Writable): Log {
  return (event, fields) =>
    void stream.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`)
}
