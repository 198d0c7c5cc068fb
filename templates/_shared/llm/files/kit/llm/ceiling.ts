import type { LanguageModelV3Middleware } from '@ai-sdk/provider'
import { computeCost, type Price, type TokenCounts } from '#kit/llm/cost'
import { LlmError } from './errors.ts'
import type { ModelFacts } from './models.ts'
import { estimateMaxTokens, promptText } from './tokens.ts'
import type { Meter } from './usage.ts'

export interface Spending {
  maxCostUsd: number
  price: Price | null
  meter: Meter
  /** Hints of the two errors: the price is unknown, the call could cost too much. */
  hints: { unknown: string; tooMuch: string }
}

/**
 * Throws an LlmError of kind `cost` if the money spent plus the worst case of this call exceeds the ceiling,
 * or if the price is unknown. Calls in progress do not count.
 */
export function assertAffordable(worst: TokenCounts, spending: Spending): void {
  const { maxCostUsd, price, meter, hints } = spending
  if (price === null) {
    const problem = 'a cost ceiling is set, but the price of this model is unknown'
    throw new LlmError('cost', problem, { hint: hints.unknown })
  }
  const worstUsd = computeCost(price, worst)
  const spentUsd = meter.total().costUsd ?? 0
  if (spentUsd + worstUsd <= maxCostUsd) return
  const figures = `$${spentUsd.toFixed(4)} spent, up to $${worstUsd.toFixed(4)} for this call`
  throw new LlmError('cost', `the call could pass the cost ceiling of $${maxCostUsd}: ${figures}`, {
    hint: hints.tooMuch,
  })
}

const hints = {
  unknown: 'Set AI_PRICE_INPUT and AI_PRICE_OUTPUT (USD per million tokens), or add it to kit/llm/models.ts.',
  tooMuch: 'Send less, lower maxOutputTokens, or raise the ceiling.',
}

/** Makes calls that could exceed the ceiling throw an LlmError of kind `cost`, before anything is sent. */
export function limitCost(
  maxCostUsd: number,
  { price, maxOutput }: ModelFacts,
  meter: Meter,
): LanguageModelV3Middleware {
  return {
    specificationVersion: 'v3',
    transformParams: async ({ params }) => {
      const inputTokens = estimateMaxTokens(promptText(params.prompt))
      const outputTokens = params.maxOutputTokens ?? maxOutput
      assertAffordable({ inputTokens, outputTokens }, { maxCostUsd, price, meter, hints })
      return params
    },
  }
}
