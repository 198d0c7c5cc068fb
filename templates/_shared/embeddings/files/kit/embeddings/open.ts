import { wrapEmbeddingModel } from 'ai'
import type { Env } from '#kit/console/env'
import type { ResiliencePolicy } from '#kit/llm/call'
import type { ProviderName } from '#kit/llm/settings'
import { Meter } from '#kit/llm/usage'
import { chooseEmbedding, type EmbeddingChoice } from './choose.ts'
import { embedAll } from './embed.ts'
import { type HashedVector, HeuristicEmbeddingModel } from './heuristic.ts'
import { composeEmbeddingMiddleware, createEmbeddingModel } from './model.ts'
import { type EmbeddingFacts, HASHED, lookUpEmbeddingFacts } from './models.ts'

export interface Embedder {
  provider: ProviderName
  /** For an index to store: vectors are comparable only if `modelId` and `dimensions` are the same. */
  modelId: string
  /** Numbers in a vector. */
  dimensions: number
  /** false for the embedded hashed vector, which compares words, not meaning. */
  isSemantic: boolean
  /** How many tokens of a text the model reads. The rest of a longer text is not in its vector. */
  maxInputTokens: number
  /**
   * Returns one vector per text, in order. Sends several requests, a few at a time.
   * Throws `LlmError`, also for a blank text, and the signal's reason when aborted.
   */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<number[][]>
  meter: Meter
}

export interface EmbedderOptions {
  env: Env
  /** Computes the vectors when no provider is used. */
  hashed: HashedVector
  /**
   * In US dollars.
   * Texts that could raise the spending of this `Embedder` above it are refused before any is sent.
   */
  maxCostUsd?: number
  policy?: Partial<ResiliencePolicy>
  /** Receives one line that names the provider and its model. Write it to stderr. */
  announce?: (line: string) => void
  fetch?: typeof fetch
}

/**
 * Opens the embedder that the environment selects.
 * Throws `ConfigError` if the settings are unclear, unsafe or impossible.
 * For a model that isn't listed, one call finds its dimensions; that call can throw `LlmError`.
 */
export async function openEmbedder(options: EmbedderOptions): Promise<Embedder> {
  const choice = chooseEmbedding(options.env)
  const model = createEmbeddingModel(choice, options)
  const isHashed = model instanceof HeuristicEmbeddingModel
  const facts = isHashed ? { ...HASHED, dimensions: model.dimensions } : lookUpEmbeddingFacts(model.modelId)
  const meter = new Meter()
  const embedWith = (dimensions: number | undefined): Embedder['embed'] => {
    const middleware = composeEmbeddingMiddleware(choice, {
      dimensions,
      price: facts.price,
      meter,
      policy: options.policy,
    })
    const { maxCostUsd } = options
    const embedding = { model: wrapEmbeddingModel({ model, middleware }), facts, meter, maxCostUsd }
    return (texts, signal) => embedAll(texts, embedding, signal)
  }
  const dimensions = facts.dimensions ?? (await embedWith(undefined)(['dimensions'])).flat().length
  options.announce?.(describeEmbedder(choice, { ...facts, dimensions }))
  return {
    provider: choice.provider,
    modelId: model.modelId,
    dimensions,
    isSemantic: !isHashed,
    maxInputTokens: facts.maxInputTokens,
    embed: embedWith(dimensions),
    meter,
  }
}

function describeEmbedder(
  choice: EmbeddingChoice,
  { dimensions, price, maxInputTokens }: EmbeddingFacts,
): string {
  const size = `${dimensions?.toLocaleString('en-US')} dimensions`
  if (choice.provider === 'heuristic') {
    const because = choice.because && `, because ${choice.because}`
    return `embeddings: hashed vector${because} (${size}; it compares words, not meaning)`
  }
  const cost = price ? `$${price.input} per million tokens` : 'price unknown'
  const reads = `reads ${maxInputTokens.toLocaleString('en-US')} tokens of a text`
  return `embeddings: ${choice.provider}, model: ${choice.modelId} (${cost}, ${size}, ${reads})`
}
