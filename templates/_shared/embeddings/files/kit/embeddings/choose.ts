import type { Env } from '#kit/console/env'
import { ConfigError } from '#kit/console/errors'
import { chooseProvider, requireServer, type Server } from '#kit/llm/choose'
import { listSecrets, parseSettings, type Settings } from '#kit/llm/settings'
import { DEFAULT_EMBEDDING_MODEL } from './models.ts'

export type EmbeddingChoice =
  /** `because`: why no model is used; empty if the user would not expect one. */
  | { provider: 'heuristic'; because: string }
  | { provider: OpenAiApi; modelId: string; server: Server; secrets: string[] }
type OpenAiApi = 'openai' | 'openai-compatible'

/**
 * Chooses what computes embeddings: the provider that also answers, or the hashed vector if that provider has
 * no embeddings API or no embedding model is named. Anthropic has no embeddings API: with AI_EMBEDDING_MODEL
 * set, the OpenAI settings are used. Sends nothing. Throws `ConfigError` in the same cases as `chooseModel`,
 * and if AI_EMBEDDING_MODEL lacks the OpenAI settings.
 */
export function chooseEmbedding(env: Env): EmbeddingChoice {
  const named = env.AI_EMBEDDING_MODEL?.trim() || undefined
  if (named === 'hashed') return chooseHashed('AI_EMBEDDING_MODEL=hashed')
  const settings = parseSettings(env)
  const provider = chooseProvider(settings)
  switch (provider) {
    case 'heuristic':
      // An explicit AI_PROVIDER=heuristic selects what works offline, whatever else is set.
      if (settings.AI_PROVIDER === 'heuristic' || named === undefined) return chooseHashed('')
      return chooseHosted(chooseOpenAiApi(settings, named), named, settings)
    case 'anthropic':
      if (named === undefined) return chooseHashed('Anthropic has no embeddings API')
      return chooseHosted(chooseOpenAiApi(settings, named), named, settings)
    case 'command':
      if (named === undefined) return chooseHashed('a program has no embeddings API')
      return chooseHosted(chooseOpenAiApi(settings, named), named, settings)
    case 'openai':
      return chooseHosted(provider, named ?? DEFAULT_EMBEDDING_MODEL, settings)
    case 'openai-compatible':
      if (named === undefined) return chooseHashed('AI_EMBEDDING_MODEL is not set')
      return chooseHosted(provider, named, settings)
    default:
      return provider satisfies never
  }
}

function chooseHashed(because: string): EmbeddingChoice {
  return { provider: 'heuristic', because }
}

function chooseHosted(provider: OpenAiApi, modelId: string, settings: Settings): EmbeddingChoice {
  return { provider, modelId, server: requireServer(provider, settings), secrets: listSecrets(settings) }
}

function chooseOpenAiApi({ OPENAI_BASE_URL, OPENAI_API_KEY }: Settings, named: string): OpenAiApi {
  if (OPENAI_BASE_URL !== undefined) return 'openai-compatible'
  if (OPENAI_API_KEY !== undefined) return 'openai'
  const hint = 'Set one of them, or AI_EMBEDDING_MODEL=hashed.'
  throw new ConfigError(`AI_EMBEDDING_MODEL=${named} needs OPENAI_API_KEY or OPENAI_BASE_URL`, hint)
}
