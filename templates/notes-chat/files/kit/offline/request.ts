import * as z from 'zod'
import type { Conversation } from '../../src/chat.ts'
import type { Context } from '../../src/context.ts'
import { spoken } from '../../src/memory.ts'
import type { NotesIndex } from '../../src/notes/search.ts'
import { saidInMemory } from './memory.ts'

/** Where a passage of the conversation itself comes from. */
export const CHAT = 'chat'

/** A question as the heuristic provider gets it: the same material as a model, as data instead of a prompt. */
export const answerRequest = z.strictObject({
  question: z.string(),
  /** The question that this one follows up on, or nothing. */
  previous: z.string(),
  /** What was chosen for this call: sections of notes, and what the user said before. Best first; no source, no citation. */
  passages: z.array(z.strictObject({ source: z.string(), heading: z.string(), text: z.string() })),
  /** How much each term of both questions says: its inverse document frequency in the notes. */
  weights: z.record(z.string(), z.number()),
})
export type AnswerRequest = z.infer<typeof answerRequest>

export interface AskedInContext {
  question: string
  previous: string
  context: Context
  conversation: Conversation
  notes: NotesIndex
}

export function requestFor({
  question,
  previous,
  context,
  conversation,
  notes,
}: AskedInContext): AnswerRequest {
  const sent = context.turns === 0 ? [] : conversation.turns.slice(-context.turns)
  const said = sent.map((turn) => spoken(turn).question).filter(isStatement)
  const own = [saidInMemory(conversation.memory), ...said].filter(Boolean)
  const isOnlyNote = notes.notes.length === 1 // then there is nothing to tell apart
  const passages = context.sections.map(({ document, title, headings, text }) => {
    return { source: isOnlyNote ? '' : document, heading: [title, ...headings].join(' '), text }
  })
  return {
    question,
    previous,
    passages: [...passages, ...own.map((text) => ({ source: CHAT, heading: '', text }))],
    weights: Object.fromEntries(notes.weights(`${question} ${previous}`)),
  }
}

const ASKS =
  /\?|^\s*(?:who|what|when|where|which|why|how|is|are|was|were|do|does|did|can|could|should|will|has|have|list|show|tell|find|give|explain|describe|summari[sz]e|name)\b/i

/** "I am on call this week": something to remember, which is all that can be done about it without a model. */
export function isStatement(text: string): boolean {
  return !ASKS.test(text) && /\b(?:I|I'm|my|we|our|remember)\b/i.test(text)
}
