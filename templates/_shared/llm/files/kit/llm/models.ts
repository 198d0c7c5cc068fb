import type { SharedV3ProviderOptions } from '@ai-sdk/provider'
import type { Price } from '#kit/llm/cost'
import type { Settings } from './settings.ts'

export interface ModelFacts {
  /** Input and output together, in tokens. */
  contextWindow: number
  /** In tokens; thinking counts as output. */
  maxOutput: number
  /** null: unknown. Then no cost is shown, and a cost ceiling refuses every call. */
  price: Price | null
  /** Sent with every call, unless the call says otherwise. */
  providerOptions?: SharedV3ProviderOptions
}

/** Small and cheap, but enough to see the difference from the heuristic provider. AI_MODEL overrides it. */
export const DEFAULT_MODEL = { anthropic: 'claude-haiku-5-5', openai: 'gpt-5.4-nano' } as const

const CLAUDE = 'https://platform.claude.com/docs/en/models'
const OPENAI = 'https://developers.openai.com/api/docs/models'
const date = '2026-11-23'

/** Facts by model id. Add the models that you use, with prices from the provider's own page. */
export const MODELS: Record<string, ModelFacts> = {
  'claude-haiku-5-5': {
    contextWindow: 1_000_000,
    maxOutput: 128_000,
    price: {
      input: 0.1,
      output: 0.5,
      longPrompt: { overTokens: 100_000, input: 0.5, output: 2.5 },
      source: `${CLAUDE}/haiku-5-5/overview`,
      date,
    },
    // It thinks by default, and thinking is billed and limited as output; these tasks need little of it.
    providerOptions: { anthropic: { effort: 'low' } },
  },
  'claude-sonnet-5-5': {
    contextWindow: 1_000_000,
    maxOutput: 128_000,
    price: { input: 2, output: 10, cachedInput: 0.2, source: `${CLAUDE}/sonnet-5-5/overview`, date },
  },
  'claude-opus-5-5': {
    contextWindow: 1_000_000,
    maxOutput: 128_000,
    price: { input: 4, output: 20, cachedInput: 0.2, source: `${CLAUDE}/opus-5-5/overview`, date },
  },
  'claude-haiku-4-5': {
    contextWindow: 200_000,
    maxOutput: 64_000,
    price: { input: 1, output: 5, source: `${CLAUDE}/haiku-4-5/overview`, date },
  },
  'gpt-5.4-nano': {
    contextWindow: 400_000,
    maxOutput: 128_000,
    price: { input: 0.2, output: 1.25, cachedInput: 0.02, source: `${OPENAI}/gpt-5.4-nano`, date },
  },
  'gpt-5.4-mini': { contextWindow: 400_000, maxOutput: 128_000, price: null },
  'gpt-5.6-luna': {
    contextWindow: 1_050_000,
    maxOutput: 128_000,
    price: {
      input: 0.2,
      output: 1.2,
      cachedInput: 0.02,
      longPrompt: { overTokens: 272_000, input: 0.4, output: 1.8 },
      source: `${OPENAI}/gpt-5.6-luna`,
      date,
    },
  },
}

/** It could read any length. A small window takes long texts through the code that real models need. */
const HEURISTIC: ModelFacts = {
  contextWindow: 8_192,
  maxOutput: 8_192,
  price: { input: 0, output: 0, source: 'runs in this process', date },
}

/** For an unlisted model: a window that nearly every local server offers. The output may fill all of it. */
const UNKNOWN: ModelFacts = { contextWindow: 8_192, maxOutput: Number.POSITIVE_INFINITY, price: null }

/** What is known about a model. AI_CONTEXT_WINDOW, AI_PRICE_INPUT and AI_PRICE_OUTPUT take precedence. */
export function lookUpModelFacts(
  model: { provider: string; modelId: string },
  settings: Settings,
): ModelFacts {
  const listed = Object.hasOwn(MODELS, model.modelId) ? MODELS[model.modelId] : undefined
  const known = model.provider === 'heuristic' ? HEURISTIC : (listed ?? UNKNOWN)
  const { AI_CONTEXT_WINDOW: contextWindow = known.contextWindow } = settings
  const { AI_PRICE_INPUT: input, AI_PRICE_OUTPUT: output } = settings
  const source = 'AI_PRICE_INPUT and AI_PRICE_OUTPUT'
  const isPriced = input !== undefined && output !== undefined
  const price = isPriced ? { input, output, source, date: 'as set' } : known.price
  return { ...known, contextWindow, maxOutput: Math.min(known.maxOutput, contextWindow), price }
}
