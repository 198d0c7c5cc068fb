import type { Document } from '#kit/console/input'
import { LlmError } from '#kit/llm/errors'
import type { Llm } from '#kit/llm/model'
import { estimateTokens } from '#kit/llm/tokens'

// Far more than most answers need: a cut answer is an error, and models that reason spend output tokens
// first.
const MAX_OUTPUT_TOKENS = 8_192
const ESTIMATE_MARGIN = 0.85 // token counts are estimates

export function limitOutputTokens({ contextWindow }: Llm): number {
  return Math.min(MAX_OUTPUT_TOKENS, Math.floor(contextWindow / 3))
}

/**
 * Throws an `LlmError` for a document that doesn't fit into the context window together with `besides` and
 * the answer.
 */
export function refuseTooLong(llm: Llm, { name, text }: Document, besides: readonly string[]): void {
  if (llm.deterministic) return
  const taken = besides.reduce((sum, one) => sum + estimateTokens(one), 0)
  const room = (llm.contextWindow - limitOutputTokens(llm)) * ESTIMATE_MARGIN - taken
  const tokens = estimateTokens(text)
  if (tokens <= room) return
  const what = `${name} is about ${tokens} tokens long; this model has room for ${Math.max(0, Math.floor(room))}`
  throw new LlmError('bad-request', what, { hint: 'Split the document, or use a model that reads more.' })
}
