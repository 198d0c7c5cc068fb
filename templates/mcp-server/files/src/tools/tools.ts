import { addNote } from './add-note.ts'
import { listNotes } from './list-notes.ts'
import { readNote } from './read-note.ts'
import type { Tool } from './tool.ts'

/**
 * The tools after `search_notes`, in the order that clients see. A new tool is a file next to this one and an
 * entry here.
 */
export const MORE_TOOLS: readonly Tool[] = [readNote, listNotes, addNote]
