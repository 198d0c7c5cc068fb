import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModelV3, LanguageModelV3Middleware } from '@ai-sdk/provider'
import { defaultSettingsMiddleware, wrapLanguageModel } from 'ai'
import type { Env } from '#kit/console/env'
import { ConfigError } from '#kit/console/errors'
import type { Price } from '#kit/llm/cost'
import { CommandLanguageModel } from '../program/model.ts'
import { pickEnvironment } from '../program/run.ts'
import { repairAnswers } from '../servers/answers.ts'
import { limitBodies } from '../servers/limits.ts'
import { leaveOutRefused } from '../servers/refused.ts'
import { completeAnswers } from './answer.ts'
import { defaultPolicy, type ResiliencePolicy } from './call.ts'
import { uniqueCallIds } from './call-ids.ts'
import { carryBack } from './carried.ts'
import { limitCost } from './ceiling.ts'
import { chooseModel, type ProviderChoice } from './choose.ts'
import { type AskedModel, toLlmError } from './errors.ts'
import { type Fetch, refuseRedirects, resolveLocalNames } from './fetch.ts'
import { HeuristicLanguageModel, type HeuristicTasks } from './heuristic.ts'
import { meterCalls } from './metered.ts'
import { lookUpModelFacts, type ModelFacts } from './models.ts'
import { guardCalls } from './resilience.ts'
import { hideKeys } from './secrets.ts'
import { listSecrets, type ProviderName, parseSettings, type Settings } from './settings.ts'
import { separateThoughts } from './thoughts.ts'
import { Meter } from './usage.ts'
import { refuseWrittenCalls } from './written-calls.ts'

export type { ProviderName } from './settings.ts'

// The SDK prints a warning about settings that a model ignores. The program decides what it prints.
globalThis.AI_SDK_LOG_WARNINGS = false

export interface Llm {
  provider: ProviderName
  modelId: string
  /** Same input, same answer: true only for the heuristic provider. */
  deterministic: boolean
  /** Input and output together, in tokens. */
  contextWindow: number
  /** undefined: unknown. */
  price: Price | undefined
  /** For SDK calls: metered, under the cost ceiling, with deadlines and retries, strict about answers. */
  model: LanguageModelV3
  meter: Meter
}

export interface LlmOptions {
  env: Env
  /** The tasks of the heuristic provider. */
  tasks: HeuristicTasks
  /** Refuse calls that could raise this `Llm`'s spending above this amount. */
  maxCostUsd?: number | undefined
  policy?: Partial<ResiliencePolicy>
  /** Receives one line that names the provider; point it at stderr. */
  announce?: (line: string) => void
  fetch?: typeof fetch
}

/**
 * Opens the model that the environment selects. Throws a ConfigError if the settings are ambiguous, unsafe or
 * invalid.
 */
export async function openLlm(options: LlmOptions): Promise<Llm> {
  const settings = parseSettings(options.env)
  const fetch = limitBodies(refuseRedirects(resolveLocalNames(options.fetch ?? globalThis.fetch)))
  const choice = await chooseModel(settings, fetch)
  const facts = lookUpModelFacts(choice, settings)
  const meter = new Meter()
  options.announce?.(describeProvider(choice, facts))
  return {
    provider: choice.provider,
    modelId: choice.modelId,
    deterministic: choice.provider === 'heuristic',
    contextWindow: facts.contextWindow,
    price: facts.price ?? undefined,
    model: wrapLanguageModel({
      model: createLanguageModel(choice, fetch, settings, options),
      middleware: composeMiddleware(choice, facts, meter, settings, options),
    }),
    meter,
  }
}

/** The same model. Throws a ConfigError for one that can't call tools: a run would fail at its first step. */
export function requireToolCalls(llm: Llm): Llm {
  if (llm.provider !== 'command') return llm
  const hint = 'Use a provider with an API for this, or AI_PROVIDER=heuristic.'
  throw new ConfigError('AI_PROVIDER=command answers with text only: it cannot call tools', hint)
}

/** Outermost first. The meter is outside the retries: it measures what the caller waits and pays for. */
function composeMiddleware(
  { provider, modelId }: ProviderChoice,
  facts: ModelFacts,
  meter: Meter,
  settings: Settings,
  { maxCostUsd, policy }: LlmOptions,
): LanguageModelV3Middleware[] {
  const { price, providerOptions } = facts
  const asked: AskedModel = {
    model: `${provider} ${modelId}`,
    variable: 'AI_MODEL',
    secrets: listSecrets(settings),
  }
  const toError = (error: unknown) => toLlmError(error, asked)
  return [
    hideKeys(asked.secrets),
    completeAnswers,
    // The heuristic provider says what it means: a task may answer with the JSON of a call.
    provider === 'heuristic' ? [] : [refuseWrittenCalls, separateThoughts(modelId)],
    maxCostUsd === undefined ? [] : limitCost(maxCostUsd, facts, meter),
    meterCalls(meter, price),
    // An error inside the heuristic provider is a bug in this repo and passes unchanged.
    provider === 'heuristic' ? [] : guardCalls({ policy: choosePolicy(provider, policy), toError }),
    provider === 'openai-compatible' ? carryBack : [],
    uniqueCallIds,
    providerOptions ? defaultSettingsMiddleware({ settings: { providerOptions } }) : [],
  ].flat()
}

/** A program says nothing until it has answered, and one that failed fails again. */
function choosePolicy(provider: ProviderName, chosen: Partial<ResiliencePolicy> = {}): ResiliencePolicy {
  const policy = { ...defaultPolicy, ...chosen }
  if (provider !== 'command') return policy
  return { ...policy, firstTokenMs: policy.totalMs, idleMs: policy.totalMs, maxRetries: 0 }
}

function createLanguageModel(
  choice: ProviderChoice,
  plainFetch: Fetch,
  settings: Settings,
  { env, tasks, announce }: LlmOptions,
): LanguageModelV3 {
  if (choice.provider === 'heuristic') return new HeuristicLanguageModel(tasks)
  if (choice.provider === 'command') {
    const environment = pickEnvironment(env, listSecrets(settings))
    return new CommandLanguageModel(choice.modelId, choice.command, environment)
  }
  const { provider, modelId, baseURL, apiKey } = choice
  const fetch = repairAnswers(leaveOutRefused(plainFetch, announce), provider)
  switch (provider) {
    // These two clients require a key; where the real one must not be sent, they get a placeholder.
    case 'anthropic':
      return createAnthropic({ baseURL, apiKey: apiKey ?? 'not-sent', fetch })(modelId)
    case 'openai':
      return createOpenAI({ baseURL, apiKey: apiKey ?? 'not-sent', fetch })(modelId)
    case 'openai-compatible': {
      const quirks = { name: provider, supportsStructuredOutputs: true, includeUsage: true }
      return createOpenAICompatible({ ...quirks, baseURL, fetch, ...(apiKey && { apiKey }) })(modelId)
    }
    default:
      return provider satisfies never
  }
}

function describeProvider(
  { provider, modelId }: ProviderChoice,
  { price, contextWindow }: ModelFacts,
): string {
  if (provider === 'heuristic') {
    return 'provider: heuristic (rules in this repo, not a language model; .env.example says how to use one)'
  }
  if (provider === 'command') {
    return `provider: command, ${modelId} (with its own system prompt, under its vendor's terms; cost unknown, tokens estimated)`
  }
  const cost = price ? `$${price.input} in / $${price.output} out per million tokens` : 'price unknown'
  return `provider: ${provider}, model: ${modelId} (${cost}, context ${contextWindow.toLocaleString('en-US')} tokens)`
}
