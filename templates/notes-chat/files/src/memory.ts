import { answer } from '#kit/llm/answer'
import { LlmError } from '#kit/llm/errors'
import type { Llm } from '#kit/llm/model'
import { estimateTokens } from '#kit/llm/tokens'
import { estimateMessage, reserveTokens } from './budget.ts'
import { estimateMemory, fitMemory } from './context.ts'
import { type Conversation, type Exchange, type Turn, toExchange } from './conversation.ts'
import { keepNewestTurns } from './history.ts'
import { formatMemory, formatMemoryRequest, MEMORY_SYSTEM } from './prompts.ts'

interface Compacting {
  llm: Llm
  conversation: Conversation
  notify(line: string): void
}

const MEMORY_SHARE = 0.35 // of the room for the conversation
const KEPT_SHARE = 0.5 // so that the next turns don't cause another compaction at once

/**
 * Folds the oldest turns into the memory when memory and turns no longer fit into `room` tokens. Turns that
 * were folded before do not count. Then `foldTurns` writes a new memory from the old one and as many of the
 * oldest turns as must go (`countTurnsToFold`); `memory` becomes that, and `folded` grows by their number. No
 * turn is deleted. It notifies `compacted: 12 turns are now a memory of 4 lines`, with all that are folded by
 * now, and `, cut because the model wrote more than fits` after it where that is so.
 *
 * When the model fails (`LlmError`), the conversation stays unchanged: this call goes without the oldest turns,
 * and the next one tries again. It notifies `not compacted (` and the error's message. Throws other errors.
 */
export async function compact(
  { llm, conversation, notify }: Compacting,
  room: number,
  signal?: AbortSignal,
): Promise<void> {
  const { memory, folded } = conversation
  const turns = conversation.turns.slice(folded)
  const count = countTurnsToFold(memory, turns, room)
  if (count === 0) return
  try {
    const { text, isCut } = await foldTurns(llm, { memory, turns: turns.slice(0, count) }, room, signal)
    conversation.memory = text
    conversation.folded += count
    const lines = text.split('\n').length
    const cut = isCut ? ', cut because the model wrote more than fits' : ''
    notify(`compacted: ${conversation.folded} turns are now a memory of ${lines} lines${cut}`)
  } catch (error) {
    if (!(error instanceof LlmError)) throw error
    notify(
      `not compacted (${error.message}): this call goes without the oldest turns, and nothing is summarised`,
    )
  }
}

/**
 * How many of the oldest turns must go before memory (`estimateMemory`) and turns fit into `room` tokens; 0 when
 * they fit. If one must go, only the newest stay that fit into `KEPT_SHARE` of the room. The newest turn of all
 * stays also when it is larger, as long as it fits next to the largest memory (`limitMemory`).
 */
export function countTurnsToFold(memory: string, turns: readonly Turn[], room: number): number {
  if (keepNewestTurns(turns, room - estimateMemory(memory)).length === turns.length) return 0
  const kept = keepNewestTurns(turns, room * KEPT_SHARE).length
  const newest = keepNewestTurns(turns.slice(-1), room - limitMemory(room)).length
  return turns.length - Math.max(kept, newest)
}

/**
 * The memory that the model writes from the old memory and the turns that must go, in several calls when they
 * don't fit into one. `isCut`: the model wrote more than fits, and the start of it is gone. Throws
 * `LlmError`.
 */
export async function foldTurns(
  llm: Llm,
  before: { memory: string; turns: readonly Turn[] },
  room: number,
  signal?: AbortSignal,
): Promise<{ text: string; isCut: boolean }> {
  const limit = limitMemory(room)
  const maxTokens = limit - estimateMessage(formatMemory(''))
  let { memory } = before
  let isCut = false
  let exchanges = before.turns.map(toExchange)
  while (exchanges.length > 0) {
    const batch = takeBatch(exchanges, limitTranscript(llm.contextWindow, maxTokens))
    exchanges = exchanges.slice(batch.length)
    const written = await answer(llm, {
      system: MEMORY_SYSTEM,
      prompt: formatMemoryRequest(memory, batch.map(formatExchange).join('\n\n'), maxTokens),
      heuristic: { task: 'remember', input: { memory, turns: batch, maxTokens } },
      maxOutputTokens: reserveTokens(llm.contextWindow).reserve,
      ...(signal && { signal }),
    })
    memory = fitMemory(written, limit)
    isCut ||= memory !== fitMemory(written, Number.POSITIVE_INFINITY)
  }
  return { text: memory, isCut }
}

function limitMemory(room: number): number {
  return Math.floor(room * MEMORY_SHARE)
}

/** Tokens of a transcript that fit next to a full memory when the model writes a new one. */
function limitTranscript(window: number, memoryTokens: number): number {
  const { margin, reserve } = reserveTokens(window)
  const prompt = estimateMessage(MEMORY_SYSTEM) + estimateMessage(formatMemoryRequest(' ', '', 0))
  return window - margin - reserve - memoryTokens - prompt
}

/** As many of the first exchanges as fit into one call; one that alone is too long is shortened for it. */
function takeBatch(exchanges: readonly Exchange[], room: number): Exchange[] {
  let left = room
  const end = exchanges.findIndex((exchange) => {
    left -= estimateMessage(formatExchange(exchange))
    return left < 0
  })
  if (end === -1) return [...exchanges]
  const [first] = exchanges
  return end === 0 && first !== undefined ? [shortenTurn(first, room)] : exchanges.slice(0, end)
}

/** Half of the room for each side. No token is longer than its characters. */
function shortenTurn({ question, answer }: Exchange, room: number): Exchange {
  const half = Math.max(1, Math.floor(room / 2) - 10)
  const cut = (text: string) => (estimateTokens(text) <= half ? text : `${text.slice(0, half)}…`)
  return { question: cut(question), answer: cut(answer) }
}

function formatExchange({ question, answer }: Exchange): string {
  return `User: ${question}\nAssistant: ${answer}`
}
