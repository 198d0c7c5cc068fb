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

/** Tokens for what a call may send besides system and question. `notes` and `conversation` add up to `all`. */
interface Room {
  all: number
  notes: number
  conversation: number
}

/**
 * Splits what margin, reserve, system and question leave of the window, in tokens: `NOTES_SHARE` of it, rounded
 * down, is for notes, the rest for the conversation. System and question are messages (`estimateMessage`), the
 * question as `formatQuestion` writes it.
 *
 * Less than `SMALLEST_ROOM` is too little to chat in. Throws `ConfigError` when the window leaves less even
 * without the question, else `InputError` when the question is too long; both say how many tokens it is about.
 */
export function splitWindow({ window, system, question }: CallSize): Room {
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
 * Tokens held back from the window: `margin` for wrong estimates, the share `MARGIN` of it, rounded up;
 * `reserve` for the answer, whose limit it is: a quarter of the window, rounded down, and at most `MAX_RESERVE`.
 */
export function reserveTokens(window: number): { margin: number; reserve: number } {
  return { margin: Math.ceil(window * MARGIN), reserve: Math.min(MAX_RESERVE, Math.floor(window / 4)) }
}

/** Estimated tokens of a message, or of a block in one. */
export function estimateMessage(text: string): number {
  return estimateTokens(text) + MESSAGE_TOKENS
}
