import { estimateMessage } from './budget.ts'
import type { Turn } from './conversation.ts'

/**
 * The newest turns that fit into `room` tokens together (`estimateTurn`), oldest first and without a gap: the
 * first that does not fit, counted from the newest, leaves out all that are older. A turn is never cut: a
 * model's API refuses a tool result without its call.
 */
export function keepNewestTurns(turns: readonly Turn[], room: number): Turn[] {
  let left = room
  const newestLeftOut = turns.findLastIndex((turn) => {
    left -= estimateTurn(turn)
    return left < 0
  })
  return turns.slice(newestLeftOut + 1)
}

/** Estimated tokens of everything in a turn, tool calls and results included. */
export function estimateTurn(turn: Turn): number {
  return turn
    .map(({ content }) => estimateMessage(typeof content === 'string' ? content : JSON.stringify(content)))
    .reduce((total, tokens) => total + tokens, 0)
}
