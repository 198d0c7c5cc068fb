import type { Env } from '#kit/console/env'
import { ConfigError } from '#kit/console/errors'
import { providerOf, type Server, serverOf } from '#kit/llm/choose'
import { parseSettings, type Settings, secretsIn } from '#kit/llm/settings'
import { DEFAULT_EMBEDDING_MODEL } from './models.ts'

export type EmbeddingChoice =
  /** `because`: why there is no model; empty when nobody would expect one. */
  | { provider: 'heuristic'; because: string }
  | { provider: OpenAiApi; modelId: string; server: Server; secrets: string[] }
type OpenAiApi = 'openai' | 'openai-compatible'

/**
 * Who embeds: the provider that answers, or the hashed vector where it has no embeddings or no model for them is named.
 * Anthropic has none; with AI_EMBEDDING_MODEL set, the OpenAI settings beside it are used.
 * Throws a `ConfigError` like `chooseModel`. Nothing is sent.
 */
export function chooseEmbedding(env: Env): EmbeddingChoice {
  const named = env.AI_EMBEDDING_MODEL?.trim() || undefined
  if (named === 'hashed') return hashed('AI_EMBEDDING_MODEL=hashed')
  const settings = parseSettings(env)
  const provider = providerOf(settings)
  switch (provider) {
    case 'heuristic':
      // Said in so many words, it goes back to what works offline, whatever else is set.
      if (settings.AI_PROVIDER === 'heuristic' || named === undefined) return hashed('')
      return modelAt(openAiApiIn(settings, named), named, settings)
    case 'anthropic':
      if (named === undefined) return hashed('Anthropic has no embeddings API')
      return modelAt(openAiApiIn(settings, named), named, settings)
    case 'openai':
      return modelAt(provider, named ?? DEFAULT_EMBEDDING_MODEL, settings)
    case 'openai-compatible':
      if (named === undefined) return hashed('AI_EMBEDDING_MODEL is not set')
      return modelAt(provider, named, settings)
    default:
      return provider satisfies never
  }
}

function hashed(because: string): EmbeddingChoice {
  return { provider: 'heuristic', because }
}

function modelAt(provider: OpenAiApi, modelId: string, settings: Settings): EmbeddingChoice {
  return { provider, modelId, server: serverOf(provider, settings), secrets: secretsIn(settings) }
}

function openAiApiIn({ OPENAI_BASE_URL, OPENAI_API_KEY }: Settings, named: string): OpenAiApi {
  if (OPENAI_BASE_URL !== undefined) return 'openai-compatible'
  if (OPENAI_API_KEY !== undefined) return 'openai'
  const hint = 'Set one of them, or AI_EMBEDDING_MODEL=hashed.'
  throw new ConfigError(`AI_EMBEDDING_MODEL=${named} needs OPENAI_API_KEY or OPENAI_BASE_URL`, hint)
}
