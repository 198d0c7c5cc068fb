import * as z from 'zod'
import { formatNoteUri } from '../notes/uri.ts'
import { createResult } from './result.ts'
import { defineTool } from './tool.ts'

/** Characters. A request may be as long as the longest note makes it (`web/serve.ts`). */
export const LONGEST_NOTE = 100_000

export const addNote = defineTool({
  name: 'add_note',
  title: 'Add a note',
  description:
    'Writes down a new note under a name that is not taken yet, for example "ideas/caching.md". ' +
    'Use it to save or remember something. It never changes or replaces a note that is there.',
  scope: 'notes:write',
  annotations: { readOnlyHint: false, idempotentHint: false, destructiveHint: false, openWorldHint: false },
  inputSchema: z.strictObject({
    name: z.string().min(1).max(500).describe('Name of the new note, ending in .md or .txt'),
    text: z.string().min(1).max(LONGEST_NOTE).describe('What the note says, in Markdown'),
  }),
  outputSchema: z.object({ name: z.string(), uri: z.string(), bytes: z.int() }),
  async call({ name, text }, { notes }) {
    await notes.add(name, text)
    return createResult(`"${name}" is there.`, {
      ...{ name, uri: formatNoteUri(name), bytes: Buffer.byteLength(text) },
    })
  },
})
