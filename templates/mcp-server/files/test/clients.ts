import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { onTestFinished } from 'vitest'
import * as z from 'zod'
import { Notes } from '../src/notes/notes.ts'
import { createServer, type ServerOptions } from '../src/server.ts'
import { notesFolder, SAMPLE } from './notes-folder.ts'

/** What clients of today speak, and what those of the next years will. */
export const ERAS = ['2025-11-25', '2026-07-28'] as const
export type Era = (typeof ERAS)[number]

export function clientOf(era: Era): Client {
  const mode = era === '2026-07-28' ? { pin: era } : ('legacy' as const)
  return new Client({ name: 'test', version: '0.1.0' }, { versionNegotiation: { mode } })
}

export interface Connected {
  client: Client
  notes: Notes
  root: string
  /** Unexpected failures. */
  reported: unknown[]
}

/** A client of the server in this process, by the same handler that serves HTTP. */
export async function connected(
  era: Era,
  { files = SAMPLE, ...options }: Partial<ServerOptions> & { files?: Record<string, string> } = {},
): Promise<Connected> {
  const root = notesFolder(files)
  const notes = await Notes.open(root)
  const reported: unknown[] = []
  const report = (error: unknown) => void reported.push(error)
  const handler = createMcpHandler(() => createServer({ notes, readOnly: false, report, ...options }))
  const client = clientOf(era)
  const fetch = (url: string | URL, init?: RequestInit) => handler.fetch(new Request(url, init))
  await client.connect(new StreamableHTTPClientTransport(new URL('http://in-process/mcp'), { fetch }))
  onTestFinished(async () => {
    await client.close()
    await handler.close()
  })
  return { client, notes, root, reported }
}

/** The text of a result, and whether it is a failure. */
export async function called(client: Client, name: string, input: Record<string, unknown> = {}) {
  const { content, isError = false, structuredContent } = await client.callTool({ name, arguments: input })
  const text = content.map((part) => (part.type === 'text' ? part.text : part.type)).join('\n')
  return { text, isError, data: z.record(z.string(), z.unknown()).parse(structuredContent ?? {}) }
}
