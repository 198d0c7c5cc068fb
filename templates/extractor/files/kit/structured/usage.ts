import type { LanguageModelUsage } from 'ai'
import { computeCost, type Price } from '#kit/llm/cost'

/** What the calls for one document used together. */
export interface DocumentUsage {
  calls: number
  inputTokens: number
  outputTokens: number
  /** null: the price is unknown. */
  costUsd: number | null
}

export function sumUsage(used: readonly LanguageModelUsage[], price: Price | undefined): DocumentUsage {
  const counts = used.map(({ inputTokens = 0, outputTokens = 0, inputTokenDetails }) => {
    return { inputTokens, outputTokens, cachedInputTokens: inputTokenDetails?.cacheReadTokens ?? 0 }
  })
  return {
    calls: used.length,
    inputTokens: counts.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    outputTokens: counts.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
    costUsd: price ? counts.reduce((sum, count) => sum + computeCost(price, count), 0) : null,
  }
}
