import type { EmbeddingModelV3Middleware } from '@ai-sdk/provider'
import { computeCost, type Price } from '#kit/llm/cost'
import { isUnbilled } from '#kit/llm/metered'
import { estimateTokens } from '#kit/llm/tokens'
import type { Meter } from '#kit/llm/usage'

/** Records every call in `meter`, as one entry with its retries. `price` null: the cost stays unknown. */
export function meterEmbeddings(meter: Meter, price: Price | null): EmbeddingModelV3Middleware {
  return {
    specificationVersion: 'v3',
    wrapEmbed: async ({ doEmbed, params, model }) => {
      const startedAt = performance.now()
      const record = (inputTokens: number, how: { complete: boolean; estimated: boolean }) =>
        meter.record({
          model: model.modelId,
          inputTokens,
          outputTokens: 0,
          costUsd: inputTokens === 0 ? 0 : price && computeCost(price, { inputTokens, outputTokens: 0 }),
          firstTokenMs: null,
          totalMs: performance.now() - startedAt,
          tokensPerSecond: null,
          ...how,
        })
      const estimate = () => params.values.reduce((sum, text) => sum + estimateTokens(text), 0)
      try {
        const result = await doEmbed()
        const reported = result.usage?.tokens || undefined // some servers report zero
        record(reported ?? estimate(), { complete: true, estimated: reported === undefined })
        return result
      } catch (error) {
        const isFree = isUnbilled(error)
        record(isFree ? 0 : estimate(), { complete: false, estimated: !isFree })
        throw error
      }
    },
  }
}
