import { SpanKind } from '@opentelemetry/api'
import { ATTR } from './names.ts'
import { runWithSpan } from './spans.ts'

interface TracedEmbedding {
  provider: string
  modelId: string
  dimensions: number
  embed(texts: readonly string[], signal?: AbortSignal): Promise<number[][]>
}

/** Wraps an embedder so that each call, with its requests and retries, gets one span `embeddings MODEL`. */
export function traceEmbedder<E extends TracedEmbedding>(embedder: E): E {
  const { provider, modelId, dimensions } = embedder
  const embed: TracedEmbedding['embed'] = (texts, signal) => {
    const start = {
      name: `embeddings ${modelId}`,
      kind: provider === 'heuristic' ? SpanKind.INTERNAL : SpanKind.CLIENT,
      signal,
      attributes: {
        [ATTR.operation]: 'embeddings',
        [ATTR.provider]: provider,
        [ATTR.requestModel]: modelId,
        [ATTR.dimensions]: dimensions,
      },
    }
    return runWithSpan(start, () => embedder.embed(texts, signal))
  }
  return { ...embedder, embed }
}
