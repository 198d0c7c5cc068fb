import { setImmediate } from 'node:timers/promises'
import type { EmbeddingModelV3, EmbeddingModelV3CallOptions, EmbeddingModelV3Result } from '@ai-sdk/provider'

/** Computes a vector from a text's words: deterministic, always of the same length, and never all zeros. */
export type HashedVector = (text: string) => number[]

/**
 * An embedding model in form only: a plain function behind that interface, so that code around vectors runs
 * without a key. Texts that share words get similar vectors; texts that say the same in other words don't.
 */
export class HeuristicEmbeddingModel implements EmbeddingModelV3 {
  readonly specificationVersion = 'v3'
  readonly provider = 'heuristic'
  readonly modelId: string
  readonly dimensions: number
  readonly maxEmbeddingsPerCall = Number.POSITIVE_INFINITY
  readonly supportsParallelCalls = true
  readonly #hashed: HashedVector

  constructor(hashed: HashedVector) {
    this.#hashed = hashed
    this.dimensions = hashed('dimensions').length
    this.modelId = `hashed-${this.dimensions}`
  }

  async doEmbed({ values, abortSignal }: EmbeddingModelV3CallOptions): Promise<EmbeddingModelV3Result> {
    const embeddings: number[][] = []
    for (const text of values) {
      abortSignal?.throwIfAborted()
      embeddings.push(this.#hashed(text))
      await setImmediate() // thousands of texts must not block a signal or a server
    }
    return { embeddings, warnings: [] }
  }
}
