import {
  type ListResourcesResult,
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
  requireScopes,
} from '@modelcontextprotocol/server'
import { BadFile } from '#kit/files/file'
import type { LookOptions, Notes } from './notes/notes.ts'
import { takePage } from './notes/paging.ts'
import { formatNoteUri, NOTE_URI, parseNoteUri } from './notes/uri.ts'
import { readLookOptions } from './tools/result.ts'

const PAGE = 100
const MIME_TYPE = 'text/markdown'
/** Characters of one note: a client puts all of them into its context. */
const MAX_CHARS = 200_000

/**
 * Registers notes as resources, for clients whose users pick what to attach: listed in pages, read by URI,
 * names completed.
 */
export function registerResources(server: McpServer, notes: Notes): void {
  const template = new ResourceTemplate(NOTE_URI, {
    list: undefined,
    complete: { name: (typed) => completeName(notes, typed) },
  })
  const described = {
    title: 'Note',
    description: 'One note, by its name',
    mimeType: MIME_TYPE,
    scopeChallenge: requireScopes('notes:read'),
  }
  server.registerResource('note', template, described, ({ href }, _, { mcpReq }) =>
    readResource(notes, href, mcpReq.signal),
  )
  // The SDK's own list has no pages.
  server.server.setRequestHandler('resources/list', ({ params }, context) =>
    listResources(notes, params?.cursor, readLookOptions(context)),
  )
}

/**
 * The note with this URI, as the only entry of `contents`: its URI as `formatNoteUri` writes it, `MIME_TYPE`, and
 * the text of `readNoteText`. Throws `ResourceNotFoundError` for every URI that is not a readable note's.
 */
async function readResource(notes: Notes, uri: string, signal: AbortSignal): Promise<ReadResourceResult> {
  const name = parseNoteUri(uri)
  if (name === undefined) throw new ResourceNotFoundError(uri)
  const text = await readNoteText(notes, name, signal)
  return { contents: [{ uri: formatNoteUri(name), mimeType: MIME_TYPE, text }] }
}

/**
 * One page of all notes: for each its URI, its name, `MIME_TYPE` and its size in bytes. A page has `PAGE` notes
 * (`takePage`). If more follow, `nextCursor` is the cursor of the next page; otherwise the result has no such
 * key. Throws `ProtocolError` with the code `InvalidParams` for a cursor that `takePage` does not know.
 */
async function listResources(
  notes: Notes,
  cursor: string | undefined,
  look: LookOptions,
): Promise<ListResourcesResult> {
  const page = takePage((await notes.list(look)).notes, cursor, PAGE)
  if (page === undefined)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'This cursor is not from here')
  const resources = page.items.map(({ name, bytes }) => {
    return { uri: formatNoteUri(name), name, mimeType: MIME_TYPE, size: bytes }
  })
  return { resources, ...(page.next !== undefined && { nextCursor: page.next }) }
}

/**
 * Throws `ResourceNotFoundError` when the note can't be read, and does not say why: a stranger could map the
 * disk by the reasons.
 */
export async function readNoteText(notes: Notes, name: string, signal: AbortSignal): Promise<string> {
  try {
    const { text } = await notes.read(name, { signal })
    return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}\n\n[cut: read_note reads the rest]` : text
  } catch (error) {
    if (error instanceof BadFile) throw new ResourceNotFoundError(formatNoteUri(name))
    throw error
  }
}

/** The protocol's limit. */
const MAX_COMPLETIONS = 100

/** Names that begin with `typed`, then those that contain it. */
export async function completeName(notes: Notes, typed: string): Promise<string[]> {
  const listed = await notes.list({ signal: AbortSignal.timeout(5_000) })
  const names = listed.notes.map(({ name }) => name)
  const wanted = typed.toLowerCase()
  const begins = names.filter((name) => name.toLowerCase().startsWith(wanted))
  const contains = names.filter((name) => !begins.includes(name) && name.toLowerCase().includes(wanted))
  return [...begins, ...contains].slice(0, MAX_COMPLETIONS)
}
