import * as z from 'zod'
import type { NoteInfo } from '../notes/notes.ts'
import { takePage } from '../notes/paging.ts'
import { formatNoteUri } from '../notes/uri.ts'
import { createResult, ToolError } from './result.ts'
import { defineTool, READ_ONLY } from './tool.ts'

/** How many folders an error names: a model reads all of it. */
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
  annotations: READ_ONLY,
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
  async call({ folder = '', cursor, limit }, { notes, look }) {
    const inside = normaliseFolder(folder)
    const below = inside === '' ? '' : `${inside}/`
    const { notes: every, leftOut } = await notes.list(look)
    const all = every.filter(({ name }) => name.startsWith(below))
    if (all.length === 0 && inside !== '')
      throw new ToolError(`No note is in a folder "${folder}"`, suggestFolders(every))
    const page = takePage(all, cursor, limit)
    if (page === undefined)
      throw new ToolError('This cursor is none of list_notes', 'Call it without a cursor.')
    const listed = page.items.map(({ name, bytes, modified }) => {
      return { name, uri: formatNoteUri(name), bytes, modified: new Date(modified).toISOString() }
    })
    const lines = listed.map(({ name, bytes }) => `${name} (${bytes} bytes)`)
    const head = `${all.length} notes${inside === '' ? '' : ` in ${inside}`}`
    const more = page.next === undefined ? '' : `\n[More: cursor ${page.next}]`
    const missing = describeLeftOut(leftOut.filter((name) => name.startsWith(below)).length)
    return createResult(`${head}\n${lines.join('\n')}${more}${missing}`, {
      ...{ notes: listed, total: all.length, next_cursor: page.next ?? null },
    })
  },
})

/** "", "." and "/" are the folder of all notes, and "./runbooks/" is "runbooks". */
function normaliseFolder(folder: string): string {
  const parts = folder.split('/').filter((part) => part !== '' && part !== '.')
  return parts.join('/')
}

/** Names every folder that has a note somewhere below it, up to `MAX_FOLDERS`. */
function suggestFolders(notes: readonly NoteInfo[]): string {
  const above = ({ name }: NoteInfo) => [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index))
  const folders = [...new Set(notes.flatMap(above))].sort()
  if (folders.length === 0) return 'There are no folders: leave it out.'
  const rest = folders.length - MAX_FOLDERS
  return `The folders are ${folders.slice(0, MAX_FOLDERS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`
}

function describeLeftOut(count: number): string {
  if (count === 0) return ''
  return `\n[Left out: ${count} that cannot be read, or whose names have control characters or backslashes]`
}
