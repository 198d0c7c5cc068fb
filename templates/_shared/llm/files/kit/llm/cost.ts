/** US dollars per million tokens. */
interface Rates {
  input: number
  output: number
  /** Input tokens that the provider reads from its prompt cache. Unset: they cost as much as other input. */
  cachedInput?: number
}

/**
 * What a provider charges, as published at `source` and read on `date`. Prices change: check before you rely
 * on one.
 */
export interface Price extends Rates {
  /** The rates of a whole request whose input is longer than `overTokens`. */
  longPrompt?: Rates & { overTokens: number }
  source: string
  date: string
}

export interface TokenCounts {
  inputTokens: number
  outputTokens: number
  /** The part of `inputTokens` that the provider read from its prompt cache. */
  cachedInputTokens?: number
}

/**
 * Returns the cost of one request in US dollars, without surcharges for writing to a prompt cache.
 * kit/llm/metered.ts calls it for every call.
 */
export function computeCost(price: Price, tokens: TokenCounts): number {
  const { inputTokens, outputTokens, cachedInputTokens = 0 } = tokens
  const isLong = price.longPrompt !== undefined && inputTokens > price.longPrompt.overTokens
  // A long prompt has separate rates. If they have no cached rate, cached input costs as much as other input.
  const { input, output, cachedInput = input }: Rates = (isLong && price.longPrompt) || price
  const freshTokens = inputTokens - cachedInputTokens
  return (freshTokens * input + cachedInputTokens * cachedInput + outputTokens * output) / 1_000_000
}
