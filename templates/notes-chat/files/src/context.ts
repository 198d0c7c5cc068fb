import type { ModelMessage } from 'ai'
import { ConfigError, InputError } from '#kit/console/errors'
import { estimateTokens } from '#kit/llm/tokens'
import type { Chunk } from '#kit/retrieval/chunk'
import { memoryBlock, noteBlock, questionBlock } from './prompts.ts'

/** A question and all that followed it: tool calls, their results, the answer. Kept or left out as a whole. */
export type Turn = readonly ModelMessage[]

/** Where the tokens of one call go, all of them estimates. Everything but `window` adds up to `window`. */
export interface Budget {
  window: number
  /** Held back, because estimates are estimates. */
  margin: number
  /** Held back for the answer. */
  reserve: number
  system: number
  notes: number
  memory: number
  history: number
  question: number
  free: number
}

export interface ContextParts {
  /** Tokens that the model can read and write together. */
  window: number
  system: string
  question: string
  /** Best first. */
  sections: readonly Chunk[]
  memory: string
  /** Oldest first. */
  turns: readonly Turn[]
}

export interface Context {
  system: string
  messages: ModelMessage[]
  sections: Chunk[]
  /** How many of the newest turns are in it. */
  turns: number
  budget: Budget
}

const MARGIN = 0.15 // estimates of ordinary text are off by 8 % on average; see /budget for yours
const MAX_RESERVE = 2_048
const NOTES_SHARE = 0.55 // of what system and question leave; the conversation gets the rest
const SMALLEST_ROOM = 200
const MESSAGE_TOKENS = 4 // role and separators, for each message

/** Tokens that notes, memory and earlier turns may take together. Throws when that is too little to answer from. */
export function roomFor({ window, system, question }: Pick<ContextParts, 'window' | 'system' | 'question'>) {
  const { margin, reserve } = heldBack(window)
  const usable = window - margin - reserve - tokensOf(system)
  if (usable < SMALLEST_ROOM) {
    const hint = 'Serve the model with a context window of at least 2,048 tokens.'
    throw new ConfigError(`A context window of ${window} tokens is too small to chat in`, hint)
  }
  const room = usable - tokensOf(questionBlock(question))
  if (room >= SMALLEST_ROOM) return { notes: Math.floor(room * NOTES_SHARE), all: room }
  const hint = 'Put long text into a note and ask about it.'
  throw new InputError(
    `The question takes ~${estimateTokens(question)} tokens, too many for this model`,
    hint,
  )
}

/** Held back from the window: `reserve` is also the limit of the answer. */
export function heldBack(window: number): { margin: number; reserve: number } {
  return { margin: Math.ceil(window * MARGIN), reserve: Math.min(MAX_RESERVE, Math.floor(window / 4)) }
}

/**
 * What one call sends. The question is always in it, then come the best sections, the memory, and as many of the newest
 * turns as fit, none with a gap after it. It cannot exceed the window; that the estimates hold is what the margin is for.
 */
export function assembleContext(parts: ContextParts): Context {
  const { window, system, question } = parts
  const room = roomFor(parts)
  const sections = fittingSections(parts.sections, room.notes)
  const notes = sum(sections.map((section) => tokensOf(noteBlock(section))))
  const memory = fittingMemory(parts.memory, room.all - notes)
  const memoryTokens = memory === '' ? 0 : tokensOf(memoryBlock(memory))
  const turns = newestTurns(parts.turns, room.all - notes - memoryTokens)
  const blocks = [memory && memoryBlock(memory), ...sections.map(noteBlock), questionBlock(question)]
  const used = {
    ...heldBack(window),
    system: tokensOf(system),
    notes,
    memory: memoryTokens,
    history: sum(turns.map(turnTokens)),
    question: tokensOf(questionBlock(question)),
  }
  return {
    system,
    messages: [...turns.flat(), { role: 'user', content: blocks.filter(Boolean).join('\n\n') }],
    sections,
    turns: turns.length,
    budget: { window, ...used, free: window - sum(Object.values(used)) },
  }
}

/** The newest turns that fit together, oldest first. A turn is never cut: a model refuses a tool result without its call. */
export function newestTurns(turns: readonly Turn[], room: number): Turn[] {
  let left = room
  const firstKept = turns.findLastIndex((turn) => {
    left -= turnTokens(turn)
    return left < 0
  })
  return turns.slice(firstKept + 1)
}

/** Estimated tokens of everything in a turn, tool calls and results included. */
export function turnTokens(turn: Turn): number {
  return sum(
    turn.map(({ content }) => tokensOf(typeof content === 'string' ? content : JSON.stringify(content))),
  )
}

/** Estimated tokens of a message, or of a block in one. */
export function tokensOf(text: string): number {
  return estimateTokens(text) + MESSAGE_TOKENS
}

/** Whole sections, best first; one that does not fit makes room for a smaller one after it. */
function fittingSections(sections: readonly Chunk[], room: number): Chunk[] {
  let left = room
  return sections.filter((section) => {
    const tokens = tokensOf(noteBlock(section))
    if (tokens > left) return false
    left -= tokens
    return true
  })
}

/** The newest lines of a memory that fit, or the start of its last line when that alone is too long. */
export function fittingMemory(memory: string, room: number): string {
  const lines = memory.split('\n').filter((line) => line.trim() !== '')
  const left = room - tokensOf(memoryBlock(''))
  let tokens = 0
  const firstKept = lines.findLastIndex((line) => {
    tokens += estimateTokens(line) + 1
    return tokens > left
  })
  const kept = lines.slice(firstKept + 1)
  // Marks that are taken apart, and a longer fence, cost a little more than the lines alone.
  const isOver = (text: string) => text !== '' && tokensOf(memoryBlock(text)) > room
  while (kept.length > 0 && isOver(kept.join('\n'))) kept.shift()
  if (kept.length > 0) return kept.join('\n')
  let start = (lines.at(-1) ?? '').slice(0, Math.max(0, left) * 4)
  while (isOver(start)) start = start.slice(0, start.length / 2)
  return start
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
