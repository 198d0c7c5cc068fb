import { type ModelMessage, modelMessageSchema } from 'ai'
import * as z from 'zod'

/**
 * A question and all that followed it: tool calls, their results, the answer. Sent as a whole or not at all.
 */
export type Turn = readonly ModelMessage[]

export interface Conversation {
  /** Every turn, oldest first. */
  turns: Turn[]
  /** How many of the oldest turns are summarised in `memory` and no longer sent. */
  folded: number
  memory: string
}

/** A turn as plain text: the words of both sides, without tool calls and their results. */
export type Exchange = { question: string; answer: string }

const turn = z
  .array(modelMessageSchema)
  .refine((messages) => messages[0]?.role === 'user', 'must start with the user')
  .refine(hasWholePairs, 'must hold every tool call with its result')

/** What a saved conversation must look like before it is resumed. */
export const conversationSchema: z.ZodType<Conversation> = z
  .strictObject({ turns: z.array(turn), folded: z.int().nonnegative(), memory: z.string() })
  .refine(({ folded, turns }) => folded <= turns.length, 'folded must not exceed the number of turns')

export function startConversation(): Conversation {
  return { turns: [], folded: 0, memory: '' }
}

export function toExchange(turn: Turn): Exchange {
  const joinText = (role: 'user' | 'assistant') =>
    turn
      .filter((message) => message.role === role)
      .map(({ content }) => joinTextParts(content))
      .filter(Boolean)
      .join('\n')
  return { question: joinText('user'), answer: joinText('assistant') }
}

function joinTextParts(content: ModelMessage['content']): string {
  if (typeof content === 'string') return content
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

/** Whether every tool call has its result and every result its call: a model's API refuses anything else. */
function hasWholePairs(messages: Turn): boolean {
  const parts = messages.flatMap(({ content }): readonly { type: string; toolCallId?: string }[] =>
    typeof content === 'string' ? [] : content,
  )
  const listIds = (type: string) =>
    parts.flatMap((part) => (part.type === type ? (part.toolCallId ?? []) : [])).sort()
  return listIds('tool-call').join(' ') === listIds('tool-result').join(' ')
}
