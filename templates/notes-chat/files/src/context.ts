import type { ModelMessage } from 'ai'
import { estimateTokens } from '#kit/llm/tokens'
import type { Chunk } from '#kit/retrieval/chunk'
import { type Budget, type CallSize, estimateMessage, reserveTokens, splitWindow } from './budget.ts'
import type { Turn } from './conversation.ts'
import { estimateTurn, keepNewestTurns } from './history.ts'
import { formatMemory, formatQuestion, formatSection } from './prompts.ts'

export interface ContextParts extends CallSize {
  /** Best first. */
  sections: readonly Chunk[]
  memory: string
  /** Oldest first. */
  turns: readonly Turn[]
}

/** What one call sends. */
export interface Context {
  system: string
  messages: ModelMessage[]
  /** The sections that are in it, best first. */
  sections: Chunk[]
  /** The turns that are in it word for word: the newest, oldest first. */
  turns: Turn[]
  budget: Budget
}

/**
 * Chooses what one call sends: always the question, then the best sections, the memory, and as many of the
 * newest turns as fit. It can't exceed the window as long as estimates are off by less than the margin.
 * Throws like `splitWindow`.
 */
export function assembleContext(parts: ContextParts): Context {
  const { window, system, question } = parts
  const room = splitWindow(parts)
  const sections = fitSections(parts.sections, room.notes)
  const notes = sumTokens(sections.map((section) => estimateMessage(formatSection(section))))
  const memory = fitMemory(parts.memory, room.all - notes)
  const memoryTokens = estimateMemory(memory)
  const turns = keepNewestTurns(parts.turns, room.all - notes - memoryTokens)
  const blocks = [memory && formatMemory(memory), ...sections.map(formatSection), formatQuestion(question)]
  const used = {
    system: estimateMessage(system),
    notes,
    memory: memoryTokens,
    history: sumTokens(turns.map(estimateTurn)),
    question: estimateMessage(formatQuestion(question)),
    ...reserveTokens(window),
  }
  return {
    system,
    // The history comes first: a prompt that begins like the last one is cheaper where the provider caches
    // prompts.
    messages: [...turns.flat(), { role: 'user', content: blocks.filter(Boolean).join('\n\n') }],
    ...{ sections, turns },
    budget: { window, ...used, free: window - sumTokens(Object.values(used)) },
  }
}

/** Whole sections, best first; one that doesn't fit makes room for a smaller one after it. */
function fitSections(sections: readonly Chunk[], room: number): Chunk[] {
  let left = room
  return sections.filter((section) => {
    const tokens = estimateMessage(formatSection(section))
    if (tokens > left) return false
    left -= tokens
    return true
  })
}

/** The newest lines of a memory that fit, or the start of its last line when that alone is too long. */
export function fitMemory(memory: string, room: number): string {
  const lines = memory.split('\n').filter((line) => line.trim() !== '')
  const left = room - estimateMessage(formatMemory(''))
  let tokens = 0
  const newestLeftOut = lines.findLastIndex((line) => {
    tokens += estimateTokens(line) + 1
    return tokens > left
  })
  const kept = lines.slice(newestLeftOut + 1)
  // The sum is a little low: defused control marks and a longer fence cost extra tokens.
  while (kept.length > 0 && estimateMemory(kept.join('\n')) > room) kept.shift()
  if (kept.length > 0) return kept.join('\n')
  let start = (lines.at(-1) ?? '').slice(0, Math.max(0, left) * 4)
  while (estimateMemory(start) > room) start = start.slice(0, start.length / 2)
  return start
}

/** Estimated tokens of the memory's block; an empty memory has none. */
export function estimateMemory(memory: string): number {
  return memory === '' ? 0 : estimateMessage(formatMemory(memory))
}

function sumTokens(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
