import type { EmbeddingModelV3 } from '@ai-sdk/provider'
import { assertAffordable } from '#kit/llm/ceiling'
import { LlmError } from '#kit/llm/errors'
import { estimateMaxTokens } from '#kit/llm/tokens'
import type { Meter } from '#kit/llm/usage'
import { cutToTokens, embedBatch, splitBatches } from './batches.ts'
import type { EmbeddingFacts } from './models.ts'
import { mapParallel } from './parallel.ts'

const MAX_PARALLEL_REQUESTS = 4

interface Embedding {
  model: EmbeddingModelV3
  facts: EmbeddingFacts
  meter: Meter
  maxCostUsd: number | undefined
}

/**
 * Returns one vector per text, in order.
 * Sends nothing if a text is blank, or if all texts together could exceed the cost ceiling.
 * Throws `LlmError` then, and when a request fails; throws the signal's reason when aborted.
 */
export async function embedAll(
  texts: readonly string[],
  { model, facts, meter, maxCostUsd }: Embedding,
  signal: AbortSignal | undefined,
): Promise<number[][]> {
  signal?.throwIfAborted()
  assertNotBlank(texts)
  const cut = texts.map((text) => cutToTokens(text, facts.maxInputTokens))
  if (maxCostUsd !== undefined) {
    const inputTokens = cut.reduce((sum, text) => sum + estimateMaxTokens(text), 0)
    const spending = { maxCostUsd, price: facts.price, meter, hints }
    assertAffordable({ inputTokens, outputTokens: 0 }, spending)
  }
  // Not the SDK's `embedMany`: its requests are as large as the provider accepts,
  // and when one fails, the others continue.
  const batches = splitBatches(cut, facts.request)
  const parallel = { limit: MAX_PARALLEL_REQUESTS, signal }
  const vectors = await mapParallel(batches, parallel, (batch, abort) => embedBatch(model, batch, abort))
  return vectors.flat()
}

const hints = {
  unknown: 'Add the model with its price to kit/embeddings/models.ts, or use AI_EMBEDDING_MODEL=hashed.',
  tooMuch: 'Embed less, or raise the ceiling.',
}

function assertNotBlank(texts: readonly string[]): void {
  const blank = texts.findIndex((text) => text.trim() === '')
  if (blank === -1) return
  const problem = `text ${blank + 1} of ${texts.length} is blank: there is nothing to embed`
  throw new LlmError('bad-request', problem, { hint: 'Leave it out.' })
}
