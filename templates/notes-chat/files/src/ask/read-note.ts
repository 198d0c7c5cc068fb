import { type ToolSet, tool } from 'ai'
import * as z from 'zod'
import { tokensOf } from '../context.ts'
import type { Note } from '../notes/folder.ts'
import { dataBlock } from '../prompts.ts'

/** What one question may read beyond the sections that the search found. */
export interface NoteReader {
  tools: ToolSet
  /** Names of the notes that were handed out. */
  read: ReadonlySet<string>
}

/**
 * The tool `read_note`: a whole note by its exact name. It looks in the list of notes that were read at the start and never at
 * the disk, so there is no path to escape from. Results beyond `room` tokens are refused: they come on top of a full context.
 */
export function noteReader(notes: readonly Note[], room: number): NoteReader {
  const read = new Set<string>()
  let left = room
  const readNote = tool({
    description: 'Reads a whole note, by the exact name that stands in the search results.',
    inputSchema: z.object({ name: z.string() }),
    execute: async ({ name }) => {
      const note = notes.find((note) => note.name === name)
      const result = note ? dataBlock(`note: ${note.name}\n\n${note.text}`) : 'There is no note of that name.'
      if (tokensOf(result) > left) return 'There is no room left in the context window for this note.'
      left -= tokensOf(result)
      if (note) read.add(name)
      return result
    },
  })
  return { tools: { read_note: readNote }, read }
}

/** Whether there are tool calls in a history. */
export function usesTools(messages: readonly { role: string }[]): boolean {
  return messages.some(({ role }) => role === 'tool')
}
