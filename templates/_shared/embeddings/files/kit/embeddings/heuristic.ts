import { setImmediate } from 'node:timers/promises'
import type { EmbeddingModelV3, EmbeddingModelV3CallOptions, EmbeddingModelV3Result } from '@ai-sdk/provider'

/** A vector made of a text's words, the same for the same text, always of the same length and never zero. */
export type HashedVector = (text: string) => number[]

/**
 * An embedding model in form only: a plain function behind the interface of one, so that everything around vectors
 * runs without a key. Texts that share words come near each other; texts that mean the same in other words do not.
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
      await setImmediate() // thousands of texts must not keep a signal or a server waiting
    }
    return { embeddings, warnings: [] }
  }
}
