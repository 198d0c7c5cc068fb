import type { EmbeddingModelV3 } from '@ai-sdk/provider'
import { sliceByTokens } from 'tokenx'
import { LlmError } from '#kit/llm/errors'
import { estimateMaxTokens, estimateTokens } from '#kit/llm/tokens'

/** Cuts a text to its beginning, so that its estimated tokens don't exceed `maxTokens`. */
export function cutToTokens(text: string, maxTokens: number): string {
  return estimateTokens(text) <= maxTokens ? text : sliceByTokens(text, 0, maxTokens)
}

/**
 * Splits texts, in order, into batches within the limits of one request, in texts and estimated tokens.
 * A text above the token limit is alone in its batch.
 */
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

/** In characters. A server that refuses a shorter text as too long must mean something else. */
const SHORTEST = 64

/**
 * Returns one vector per text. The token estimate can be far too low (Thai, hashes), so that a server refuses
 * a text as too long. Then this halves the batch until that text is alone, and the text until it fits.
 * Rethrows any other error of the model.
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
  return text.slice(0, text.length / 2).replace(/[\uD800-\uDBFF]$/, '') // no half of a surrogate pair
}

/** Error messages of OpenAI and vLLM, of Hugging Face, of Ollama, and of llama.cpp, in this order. */
const TOO_LONG =
  /maximum context length|(?:less|fewer) than \d+ tokens|input length exceeds|too (?:long|large)|maximum .*tokens/i

function isTooLong(error: unknown): boolean {
  return error instanceof LlmError && error.kind !== 'rate-limit' && TOO_LONG.test(error.message)
}
