import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { EmbeddingModelV3, EmbeddingModelV3Middleware } from '@ai-sdk/provider'
import { callWhole, defaultPolicy, type ResilienceOptions, type ResiliencePolicy } from '#kit/llm/call'
import type { Price } from '#kit/llm/cost'
import { type AskedModel, toLlmError } from '#kit/llm/errors'
import { refuseRedirects, resolveLocalNames } from '#kit/llm/fetch'
import type { Meter } from '#kit/llm/usage'
import { limitBodies } from '#kit/servers/limits'
import type { EmbeddingChoice } from './choose.ts'
import { type HashedVector, HeuristicEmbeddingModel } from './heuristic.ts'
import { meterEmbeddings } from './metered.ts'
import { validateVectors } from './vectors.ts'

/** Creates the bare model, without middleware. */
export function createEmbeddingModel(
  choice: EmbeddingChoice,
  options: { hashed: HashedVector; fetch?: typeof globalThis.fetch },
): EmbeddingModelV3 {
  if (choice.provider === 'heuristic') return new HeuristicEmbeddingModel(options.hashed)
  const { provider, modelId } = choice
  const { baseURL, apiKey } = choice.server
  const fetch = limitBodies(refuseRedirects(resolveLocalNames(options.fetch ?? globalThis.fetch)))
  switch (provider) {
    case 'openai':
      return createOpenAI({ baseURL, apiKey: apiKey ?? 'not-sent', fetch }).embeddingModel(modelId)
    case 'openai-compatible': {
      const named = { name: provider, baseURL, fetch, ...(apiKey && { apiKey }) }
      return createOpenAICompatible(named).embeddingModel(modelId)
    }
    default:
      return provider satisfies never
  }
}

interface LayerOptions {
  /** undefined: not known yet. */
  dimensions: number | undefined
  price: Price | null
  meter: Meter
  policy: Partial<ResiliencePolicy> | undefined
}

/**
 * Lists the middleware from the caller inwards, as for language models.
 * A call that returns unusable vectors is metered as a failed call.
 */
export function composeEmbeddingMiddleware(
  choice: EmbeddingChoice,
  { dimensions, price, meter, policy }: LayerOptions,
): EmbeddingModelV3Middleware[] {
  const metered = meterEmbeddings(meter, price)
  if (choice.provider === 'heuristic') return [metered, validateVectors('the hashed vector', dimensions)]
  const { provider, modelId, secrets } = choice
  const model = `${provider} ${modelId}`
  const asked: AskedModel = { model, variable: 'AI_EMBEDDING_MODEL', secrets }
  const toError = (error: unknown) => toLlmError(error, asked)
  return [
    metered,
    validateVectors(model, dimensions),
    guardEmbeddings({ policy: { ...defaultPolicy, ...policy }, toError }),
  ]
}

/** Adds a deadline, retries and prompt aborts to every request. */
function guardEmbeddings(options: ResilienceOptions): EmbeddingModelV3Middleware {
  return {
    specificationVersion: 'v3',
    wrapEmbed: ({ model, params }) => {
      const once = (signal: AbortSignal) => model.doEmbed({ ...params, abortSignal: signal })
      return callWhole(params.abortSignal, options, once)
    },
  }
}
