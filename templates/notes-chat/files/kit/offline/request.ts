import * as z from 'zod'
import type { Chunk } from '#kit/retrieval/chunk'
import type { TermWeights } from '#kit/retrieval/rerank'
import { readStatements } from './memory.ts'
import { isStatement } from './statement.ts'

/** The source of a passage from the conversation itself. */
export const CHAT = 'chat'

/**
 * A question as the heuristic provider gets it: the same material as a model, as data instead of a prompt.
 */
const answerRequest = z.strictObject({
  question: z.string(),
  /** The question that this one follows up on, or ''. */
  previous: z.string(),
  /**
   * What this call sends: sections of notes, best first, and what the user said before. Without a source, no
   * citation. `name`: the note's, also where it is not cited. `headings`: its title and the section's headings.
   */
  passages: z.array(
    z.strictObject({
      source: z.string(),
      name: z.string().optional(),
      heading: z.string(),
      headings: z.array(z.string()).optional(),
      text: z.string(),
    }),
  ),
  /** The weight of each term of both questions: its inverse document frequency in the notes. */
  weights: z.record(z.string(), z.number()),
})
export type AnswerRequest = z.infer<typeof answerRequest>

export function parseAnswerRequest(input: unknown): AnswerRequest {
  return answerRequest.parse(input)
}

export interface ChatRequest {
  question: string
  previous: string
  sections: readonly Chunk[]
  memory: string
  /** The user's side of the turns that are sent, oldest first. */
  said: readonly string[]
  notes: { notes: readonly unknown[]; weights(text: string): TermWeights }
}

export function toAnswerRequest({
  question,
  previous,
  sections,
  memory,
  said,
  notes,
}: ChatRequest): AnswerRequest {
  const own = [readStatements(memory), ...said.filter(isStatement)].filter(Boolean)
  const isOnlyNote = notes.notes.length === 1 // then a citation tells nothing
  const passages = sections.map(({ document, title, headings, text }) => {
    const above = [title, ...headings]
    return {
      source: isOnlyNote ? '' : document,
      name: document,
      heading: above.join(' '),
      headings: above,
      text,
    }
  })
  return {
    question,
    previous,
    passages: [...passages, ...own.map((text) => ({ source: CHAT, heading: '', text }))],
    weights: Object.fromEntries(notes.weights(`${question} ${previous}`)),
  }
}
