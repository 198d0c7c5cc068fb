import * as z from 'zod'
import type { NoteInfo } from '../notes/notes.ts'
import { uriOf } from '../notes/uri.ts'
import { afterCursor } from '../paging.ts'
import { found, ToolError } from './result.ts'
import { defineTool } from './tool.ts'

/** In an error, which is to be read in whole. */
const MAX_FOLDERS = 30

const note = z.object({
  name: z.string(),
  uri: z.string(),
  bytes: z.int(),
  modified: z.string().describe('ISO 8601'),
})

export const listNotes = defineTool({
  name: 'list_notes',
  title: 'List notes',
  description:
    'Lists the names of the notes, with their sizes and when they were last changed. Use it to see which notes there are, or what is in a folder of them. ' +
    'When next_cursor is a string there are more: call again with it as cursor.',
  scope: 'notes:read',
  annotations: { readOnlyHint: true, idempotentHint: true, destructiveHint: false, openWorldHint: false },
  inputSchema: z.strictObject({
    folder: z.string().max(500).optional().describe('Only notes in this folder, for example "runbooks"'),
    cursor: z.string().max(2_000).optional().describe('next_cursor of the call before'),
    limit: z.int().min(1).max(200).default(50).describe('How many names at most'),
  }),
  outputSchema: z.object({
    notes: z.array(note),
    total: z.int(),
    next_cursor: z.string().nullable(),
  }),
  async call({ folder, cursor, limit }, { notes, look }) {
    const inside = folder === undefined ? '' : normalised(folder)
    const below = inside === '' ? '' : `${inside}/`
    const { notes: every, leftOut } = await notes.list(look)
    const all = every.filter(({ name }) => name.startsWith(below))
    if (all.length === 0 && inside !== '')
      throw new ToolError(`No note is in a folder "${folder}"`, adviceOn(foldersOf(every)))
    const page = afterCursor(all, cursor, limit)
    if (page === undefined)
      throw new ToolError('This cursor is none of list_notes', 'Call it without a cursor.')
    const listed = page.items.map(({ name, bytes, modified }) => {
      return { name, uri: uriOf(name), bytes, modified: new Date(modified).toISOString() }
    })
    const lines = listed.map(({ name, bytes }) => `${name} (${bytes} bytes)`)
    const head = `${all.length} notes${inside === '' ? '' : ` in ${inside}`}`
    const more = page.next === undefined ? '' : `\n[More: cursor ${page.next}]`
    const missing = leftOutLine(leftOut.filter((name) => name.startsWith(below)).length)
    return found(`${head}\n${lines.join('\n')}${more}${missing}`, {
      ...{ notes: listed, total: all.length, next_cursor: page.next ?? null },
    })
  },
})

/** "", "." and "/" are the folder of all notes, and "./runbooks/" is "runbooks". */
function normalised(folder: string): string {
  return folder
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

/** Every folder with a note somewhere below it, by name. */
function foldersOf(notes: readonly NoteInfo[]): string[] {
  const above = ({ name }: NoteInfo) => [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index))
  return [...new Set(notes.flatMap(above))].sort()
}

function adviceOn(folders: readonly string[]): string {
  if (folders.length === 0) return 'There are no folders: leave it out.'
  const rest = folders.length - MAX_FOLDERS
  return `The folders are ${folders.slice(0, MAX_FOLDERS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`
}

function leftOutLine(count: number): string {
  if (count === 0) return ''
  return `\n[Left out: ${count} that cannot be read, or whose names have control characters or backslashes]`
}
