import type { Llm } from '#kit/llm/model'
import { type Budget, splitWindow } from './budget.ts'
import { type Citations, checkCitations } from './cite.ts'
import { assembleContext } from './context.ts'
import type { Conversation } from './conversation.ts'
import { compact } from './memory.ts'
import { describeCall } from './offline.ts'
import { SYSTEM } from './prompts.ts'
import { findPreviousQuestion, type NotesIndex } from './search.ts'
import { type StreamedTurn, streamTurn } from './stream.ts'
import { offerTools } from './tools.ts'

export interface Chat {
  llm: Llm
  notes: NotesIndex
  conversation: Conversation
  /** Let the model read whole notes with a tool. */
  tools: boolean
  /** Gets a line for the user: what was summarised, what was left out. */
  notify(line: string): void
}

export interface Reply extends Citations, Omit<StreamedTurn, 'messages'> {
  question: string
  /** Notes that were sent, best first. */
  notes: string[]
  budget: Budget
}

const CANDIDATES = 12 // sections; the budget decides how many of them are sent

/**
 * One turn inside the context window: streams the answer, then returns what it rests on. Only a complete turn
 * becomes part of the conversation. Throws `InputError` for a question that can't fit, and `LlmError`.
 */
export async function* ask(
  chat: Chat,
  question: string,
  signal?: AbortSignal,
): AsyncGenerator<string, Reply> {
  const { llm, notes, conversation } = chat
  const call = { window: llm.contextWindow, system: SYSTEM, question }
  await compact(chat, splitWindow(call).conversation, signal)

  const { memory, folded } = conversation
  const previous = findPreviousQuestion(question, conversation.turns)
  const sections = notes.find(`${question} ${previous}`, CANDIDATES)
  const context = assembleContext({ ...call, sections, memory, turns: conversation.turns.slice(folded) })

  const tools = offerTools(chat, context)
  const heuristic = describeCall({ question, previous, memory, notes }, context)
  const { messages, ...answered } = yield* streamTurn(llm, { ...context, tools, heuristic, signal })

  conversation.turns.push([{ role: 'user', content: question }, ...messages])
  const sent = [...new Set([...context.sections.map(({ document }) => document), ...tools.read])]
  const citations = checkCitations(answered.answer, sent)
  return { question, ...answered, notes: sent, ...citations, budget: context.budget }
}
