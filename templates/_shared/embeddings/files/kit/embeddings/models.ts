import type { Price } from '#kit/llm/cost'

export interface EmbeddingFacts {
  /** Numbers in a vector. If absent, `openEmbedder` finds it with one call. */
  dimensions?: number
  /** Tokens of the longest text that the model reads. */
  maxInputTokens: number
  /** null: unknown. Then no cost is shown, and a cost ceiling refuses every call. */
  price: Price | null
  /** Limits of one request. */
  request: { texts: number; tokens: number }
}

/** Small and cheap. AI_EMBEDDING_MODEL selects another one. */
export const DEFAULT_EMBEDDING_MODEL = 'text-embedding-3-small'

const OPENAI = 'https://developers.openai.com/api/docs/models'
const date = '2026-07-03'

/** OpenAI allows 2,048 texts and 300,000 tokens per request. Smaller requests lose less when they fail. */
const OPENAI_REQUEST = { texts: 256, tokens: 200_000 }

/** Facts by model id. Add the models that you use, with prices from the provider's own page. */
export const EMBEDDING_MODELS: Record<string, EmbeddingFacts> = {
  'text-embedding-3-small': {
    dimensions: 1536,
    maxInputTokens: 8_192,
    price: { input: 0.02, output: 0, source: `${OPENAI}/text-embedding-3-small`, date },
    request: OPENAI_REQUEST,
  },
  'text-embedding-3-large': {
    dimensions: 3072,
    maxInputTokens: 8_192,
    price: null,
    request: OPENAI_REQUEST,
  },
}

/**
 * For a model that isn't listed: the token limit of small models, and the batch limit
 * of Hugging Face's server.
 */
const UNKNOWN: EmbeddingFacts = {
  maxInputTokens: 512,
  price: null,
  request: { texts: 32, tokens: 50_000 },
}

/** For the hashed vector, which reads texts of any length. Its function determines the dimensions. */
export const HASHED: EmbeddingFacts = {
  maxInputTokens: Number.POSITIVE_INFINITY,
  price: { input: 0, output: 0, source: 'runs in this process', date },
  request: { texts: 256, tokens: Number.POSITIVE_INFINITY },
}

export function lookUpEmbeddingFacts(modelId: string): EmbeddingFacts {
  const listed = Object.hasOwn(EMBEDDING_MODELS, modelId) ? EMBEDDING_MODELS[modelId] : undefined
  return listed ?? UNKNOWN
}
