import type { EmbeddingModelV3 } from '@ai-sdk/provider'
import { sliceByTokens } from 'tokenx'
import { LlmError } from '#kit/llm/errors'
import { estimateMaxTokens, estimateTokens } from '#kit/llm/tokens'

/** The beginning of a text, so that it fits by the estimate. */
export function cutToTokens(text: string, maxTokens: number): string {
  return estimateTokens(text) <= maxTokens ? text : sliceByTokens(text, 0, maxTokens)
}

/** Groups of neighbours, each within what one request may carry. */
export function splitBatches(texts: readonly string[], limit: { texts: number; tokens: number }): string[][] {
  const batches: string[][] = []
  let batch: string[] = []
  let tokens = 0
  for (const text of texts) {
    const more = estimateMaxTokens(text)
    if (batch.length === limit.texts || (batch.length > 0 && tokens + more > limit.tokens)) {
      batches.push(batch)
      batch = []
      tokens = 0
    }
    batch.push(text)
    tokens += more
  }
  return batch.length > 0 ? [...batches, batch] : batches
}

/** Below this many characters, a text is not what was too long. */
const SHORTEST = 64

/**
 * One vector per text. The estimate can be far too low (Thai, hashes), so that a server refuses a text as too long:
 * then the batch is halved until that text is alone, and the text until it fits.
 */
export async function embedBatch(
  model: EmbeddingModelV3,
  values: string[],
  abortSignal: AbortSignal,
): Promise<number[][]> {
  try {
    return (await model.doEmbed({ values, abortSignal })).embeddings
  } catch (error) {
    const [text = '', ...others] = values
    if (!isTooLong(error) || (others.length === 0 && text.length < SHORTEST)) throw error
    if (others.length === 0) return embedBatch(model, [takeFirstHalf(text)], abortSignal)
    const middle = values.length >> 1
    const first = await embedBatch(model, values.slice(0, middle), abortSignal)
    return [...first, ...(await embedBatch(model, values.slice(middle), abortSignal))]
  }
}

function takeFirstHalf(text: string): string {
  return text.slice(0, text.length / 2).replace(/[\uD800-\uDBFF]$/, '') // no half of a character at the end
}

/** As OpenAI and vLLM, Hugging Face, Ollama and llama.cpp put it, in this order. */
const TOO_LONG =
  /maximum context length|(?:less|fewer) than \d+ tokens|input length exceeds|too (?:long|large)|maximum .*tokens/i

function isTooLong(error: unknown): boolean {
  return error instanceof LlmError && error.kind !== 'rate-limit' && TOO_LONG.test(error.message)
}
