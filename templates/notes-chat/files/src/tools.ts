import { type ToolSet, tool } from 'ai'
import * as z from 'zod'
import type { Note } from '#kit/notes/folder'
import { estimateMessage } from './budget.ts'
import type { Context } from './context.ts'
import { fenceData } from './prompts.ts'

/** The tools that the model may use in one turn. */
export interface OfferedTools {
  set: ToolSet | undefined
  mayCall: boolean
  /** Names of the notes that the model has read so far in this turn. */
  read: ReadonlySet<string>
}

interface Offer {
  notes: { notes: readonly Note[] }
  /** Whether the user allows tools at all. */
  tools: boolean
}

/**
 * Offers `read_note` when the user allows it and the window has room for its results. A history with tool
 * calls in it needs the declaration as well, even when the model may not call: its API insists on that.
 */
export function offerTools({ notes, tools }: Offer, { messages, budget }: Context): OfferedTools {
  const { set, read } = createNoteReader(notes.notes, budget.free - budget.reserve)
  const mayCall = tools && budget.free > 2 * budget.reserve
  const isDeclared = mayCall || messages.some(({ role }) => role === 'tool')
  return { set: isDeclared ? set : undefined, mayCall, read }
}

/**
 * The tool `read_note`: a whole note by its exact name. It looks the name up in the notes that were read at
 * the start and never opens a file, so there is no path to escape from. Its results add to a full context, so
 * it refuses those beyond `room` tokens.
 */
export function createNoteReader(notes: readonly Note[], room: number): { set: ToolSet; read: Set<string> } {
  const read = new Set<string>()
  let left = room
  const readNote = tool({
    description: 'Reads a whole note, by the exact name that stands in the search results.',
    inputSchema: z.object({ name: z.string() }),
    execute: async ({ name }) => {
      const note = notes.find((note) => note.name === name)
      const result = note ? fenceData(`note: ${note.name}\n\n${note.text}`) : 'There is no note of that name.'
      if (estimateMessage(result) > left) return 'There is no room left in the context window for this note.'
      left -= estimateMessage(result)
      if (note) read.add(name)
      return result
    },
  })
  return { set: { read_note: readNote }, read }
}
