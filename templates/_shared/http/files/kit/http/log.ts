import type { Writable } from 'node:stream'

/** Writes a line of JSON about something that happened. What people ask and what is answered has no place in it. */
export type Log = (event: string, fields: Record<string, string | number | boolean | null>) => void

export function createJsonLog(stream: Writable): Log {
  return (event, fields) =>
    void stream.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`)
}
