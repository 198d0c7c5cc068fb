import * as z from 'zod'
import { uriOf } from '../notes/uri.ts'
import { afterCursor } from '../paging.ts'
import { found, ToolError } from './result.ts'
import { defineTool } from './tool.ts'

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
    const below = folder === undefined ? '' : `${folder.replace(/\/+$/, '')}/`
    const all = (await notes.list(look)).filter(({ name }) => name.startsWith(below))
    const page = afterCursor(all, cursor, limit)
    if (page === undefined)
      throw new ToolError('This cursor is none of list_notes', 'Call it without a cursor.')
    const listed = page.items.map(({ name, bytes, modified }) => {
      return { name, uri: uriOf(name), bytes, modified: new Date(modified).toISOString() }
    })
    const lines = listed.map(({ name, bytes }) => `${name} (${bytes} bytes)`)
    const head = `${all.length} notes${folder === undefined ? '' : ` in ${folder}`}`
    const more = page.next === undefined ? '' : `\n[More: cursor ${page.next}]`
    return found(`${head}\n${lines.join('\n')}${more}`, {
      ...{ notes: listed, total: all.length, next_cursor: page.next ?? null },
    })
  },
})
