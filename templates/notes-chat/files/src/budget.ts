import { ConfigError, InputError } from '#kit/console/errors'
import { estimateTokens } from '#kit/llm/tokens'
import { formatQuestion } from './prompts.ts'

/** The parts of a context window, and what each is for. `/budget` prints them in this order. */
export const BUDGET_PARTS = {
  system: 'the rules',
  notes: 'sections that the search found',
  memory: 'turns that were summarised',
  history: 'turns word for word',
  question: '',
  reserve: 'for the answer',
  margin: 'estimates are estimates',
  free: '',
} as const

/** Where the tokens of one call go, all of them estimates. The parts add up to `window`. */
export type Budget = { window: number } & Record<keyof typeof BUDGET_PARTS, number>

export interface CallSize {
  /** Tokens that the model can read and write together. */
  window: number
  system: string
  question: string
}

const MARGIN = 0.15 // estimates of ordinary text are off by 8 % on average; see /budget for yours
const MAX_RESERVE = 2_048
const NOTES_SHARE = 0.55 // of what system and question leave; the conversation gets the rest
const SMALLEST_ROOM = 200
const MESSAGE_TOKENS = 4 // role and separators, for each message

/**
 * Splits what system, question, answer and margin leave of the window, in tokens: `notes` and `conversation`
 * add up to `all`. Throws `ConfigError` when the window is too small to chat in, `InputError` when the
 * question is too long for it.
 */
export function splitWindow({ window, system, question }: CallSize) {
  const { margin, reserve } = reserveTokens(window)
  const usable = window - margin - reserve - estimateMessage(system)
  if (usable < SMALLEST_ROOM) {
    const hint = 'Serve the model with a context window of at least 2,048 tokens.'
    throw new ConfigError(`A context window of ${window} tokens is too small to chat in`, hint)
  }
  const all = usable - estimateMessage(formatQuestion(question))
  if (all < SMALLEST_ROOM) {
    const problem = `The question takes ~${estimateTokens(question)} tokens, too many for this model`
    throw new InputError(problem, 'Put long text into a note and ask about it.')
  }
  const notes = Math.floor(all * NOTES_SHARE)
  return { all, notes, conversation: all - notes }
}

/**
 * Tokens held back from the window: `margin` for wrong estimates, `reserve` for the answer, whose limit it
 * is.
 */
export function reserveTokens(window: number): { margin: number; reserve: number } {
  return { margin: Math.ceil(window * MARGIN), reserve: Math.min(MAX_RESERVE, Math.floor(window / 4)) }
}

/** Estimated tokens of a message, or of a block in one. */
export function estimateMessage(text: string): number {
  return estimateTokens(text) + MESSAGE_TOKENS
}
