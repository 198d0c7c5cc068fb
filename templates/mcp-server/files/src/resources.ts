import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
  requireScopes,
} from '@modelcontextprotocol/server'
import { BadFile } from '#kit/files/file'
import type { Notes } from './notes/notes.ts'
import { NOTE_URI, nameIn, uriOf } from './notes/uri.ts'
import { afterCursor } from './paging.ts'
import { lookFor } from './tools/result.ts'

const PAGE = 100
const MIME_TYPE = 'text/markdown'
/** Of one note: a client puts it all into its context. */
const MAX_CHARS = 200_000

/** Notes as resources, for clients whose users pick what to attach: listed in pages, read by address, names completed. */
export function registerResources(server: McpServer, notes: Notes): void {
  const template = new ResourceTemplate(NOTE_URI, {
    list: undefined,
    complete: { name: (typed) => completedName(notes, typed) },
  })
  const described = {
    title: 'Note',
    description: 'One note, by its name',
    mimeType: MIME_TYPE,
    scopeChallenge: requireScopes('notes:read'),
  }
  server.registerResource('note', template, described, async ({ href }, _, context) => {
    const name = nameIn(href)
    if (name === undefined) throw new ResourceNotFoundError(href)
    const text = await textOf(notes, name, context.mcpReq.signal)
    return { contents: [{ uri: uriOf(name), mimeType: MIME_TYPE, text }] }
  })
  // The SDK's own list knows no pages.
  server.server.setRequestHandler('resources/list', async ({ params }, context) => {
    const page = afterCursor((await notes.list(lookFor(context))).notes, params?.cursor, PAGE)
    if (page === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'This cursor is not from here')
    const resources = page.items.map(({ name, bytes }) => {
      return { uri: uriOf(name), name, mimeType: MIME_TYPE, size: bytes }
    })
    return { resources, ...(page.next !== undefined && { nextCursor: page.next }) }
  })
}

/** The text of a note. Throws `ResourceNotFoundError` for all that is none, without saying what else it is. */
export async function textOf(notes: Notes, name: string, signal: AbortSignal): Promise<string> {
  try {
    const { text } = await notes.read(name, { signal })
    return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}\n\n[cut: read_note reads the rest]` : text
  } catch (error) {
    if (error instanceof BadFile) throw new ResourceNotFoundError(uriOf(name))
    throw error
  }
}

/** A completion lists a hundred values at most; that is the protocol's. */
const MAX_COMPLETIONS = 100

/** Names that begin with what was typed, then those that have it in them. */
export async function completedName(notes: Notes, typed: string): Promise<string[]> {
  const listed = await notes.list({ signal: AbortSignal.timeout(5_000) })
  const names = listed.notes.map(({ name }) => name)
  const wanted = typed.toLowerCase()
  const begins = names.filter((name) => name.toLowerCase().startsWith(wanted))
  const has = names.filter((name) => !begins.includes(name) && name.toLowerCase().includes(wanted))
  return [...begins, ...has].slice(0, MAX_COMPLETIONS)
}
