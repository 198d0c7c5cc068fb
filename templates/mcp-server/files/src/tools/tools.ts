import { addNote } from './add-note.ts'
import { listNotes } from './list-notes.ts'
import { readNote } from './read-note.ts'
import { searchNotes } from './search-notes.ts'
import type { Tool } from './tool.ts'

/** Every tool, in the order that clients see. A new one is a file beside this one and a line here. */
export const TOOLS: readonly Tool[] = [searchNotes, readNote, listNotes, addNote]
