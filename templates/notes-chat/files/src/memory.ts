import * as z from 'zod'
import { answer } from '#kit/llm/answer'
import type { Llm } from '#kit/llm/model'
import { estimateTokens } from '#kit/llm/tokens'
import { fittingMemory, heldBack, newestTurns, type Turn, tokensOf } from './context.ts'
import { MEMORY_SYSTEM, memoryBlock, memoryPrompt } from './prompts.ts'

/** A turn as plain text, which is what a memory is made from. */
export const spokenTurn = z.strictObject({ question: z.string(), answer: z.string() })
export type SpokenTurn = z.infer<typeof spokenTurn>

export const memoryRequest = z.strictObject({
  memory: z.string(),
  turns: z.array(spokenTurn),
  maxTokens: z.number(),
})

export interface Memory {
  text: string
  /** The model wrote more than fits; the start of it is gone. */
  isCut: boolean
}

const MEMORY_SHARE = 0.35 // of the room for the conversation
const KEPT_SHARE = 0.5 // so that the next turns do not compact again at once

/**
 * What has to happen before the next call: undefined when memory and turns fit into `room` as they are, otherwise how many of
 * the oldest turns must go. The newest turn stays if it can fit at all.
 */
export function turnsToFold(memory: string, turns: readonly Turn[], room: number): number | undefined {
  const memoryTokens = memory === '' ? 0 : tokensOf(memoryBlock(memory))
  if (newestTurns(turns, room - memoryTokens).length === turns.length) return undefined
  const kept = newestTurns(turns, room * KEPT_SHARE).length
  const newest = newestTurns(turns.slice(-1), room - memoryRoom(room)).length
  return turns.length - Math.max(kept, newest) || undefined
}

function memoryRoom(room: number): number {
  return Math.floor(room * MEMORY_SHARE)
}

/**
 * Folds the oldest turns into the memory, in several calls when they do not fit into one.
 * Throws what the provider layer throws; the old memory is then still true, and the caller decides what to leave out.
 */
export async function foldTurns(
  llm: Llm,
  before: { memory: string; turns: readonly Turn[] },
  room: number,
  signal?: AbortSignal,
): Promise<Memory> {
  const maxTokens = memoryRoom(room) - tokensOf(memoryBlock(''))
  let { memory } = before
  let isCut = false
  let turns = before.turns.map(spoken)
  while (turns.length > 0) {
    const batch = fittingBatch(turns, transcriptRoom(llm.contextWindow, maxTokens))
    turns = turns.slice(batch.length)
    const written = await answer(llm, {
      system: MEMORY_SYSTEM,
      prompt: memoryPrompt(memory, batch.map(asText).join('\n\n'), maxTokens),
      heuristic: { task: 'remember', input: { memory, turns: batch, maxTokens } },
      maxOutputTokens: heldBack(llm.contextWindow).reserve,
      ...(signal && { signal }),
    })
    memory = fittingMemory(written, memoryRoom(room))
    isCut ||= memory !== fittingMemory(written, Number.POSITIVE_INFINITY)
  }
  return { text: memory, isCut }
}

/** A turn without tool calls and results: the words of both sides. */
export function spoken(turn: Turn): SpokenTurn {
  const said = (role: 'user' | 'assistant') =>
    turn
      .filter((message) => message.role === role)
      .map(({ content }) => textOf(content))
      .filter(Boolean)
      .join('\n')
  return { question: said('user'), answer: said('assistant') }
}

function textOf(content: Turn[number]['content']): string {
  if (typeof content === 'string') return content
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

function transcriptRoom(window: number, memoryTokens: number): number {
  const { margin, reserve } = heldBack(window)
  return (
    window - margin - reserve - memoryTokens - tokensOf(MEMORY_SYSTEM) - tokensOf(memoryPrompt(' ', '', 0))
  )
}

/** As many turns as fit into one call; a turn that alone is too long is shortened for it. */
function fittingBatch(turns: readonly SpokenTurn[], room: number): SpokenTurn[] {
  let left = room
  const end = turns.findIndex((turn) => {
    left -= tokensOf(asText(turn))
    return left < 0
  })
  if (end === -1) return [...turns]
  const [first] = turns
  return end === 0 && first !== undefined ? [shortened(first, room)] : turns.slice(0, end)
}

/** Half for each side. No token is longer than its characters. */
function shortened({ question, answer }: SpokenTurn, room: number): SpokenTurn {
  const half = Math.max(1, Math.floor(room / 2) - 10)
  const cut = (text: string) => (estimateTokens(text) <= half ? text : `${text.slice(0, half)}…`)
  return { question: cut(question), answer: cut(answer) }
}

function asText({ question, answer }: SpokenTurn): string {
  return `User: ${question}\nAssistant: ${answer}`
}
