import { z } from 'zod'
import { ConfigError } from '#kit/console/errors'
import { explainNetworkFailure } from '#kit/net/failure'
import { type CommandLine, nameCommand } from '../program/command-line.ts'
import { parseBaseUrl } from './base-url.ts'
import { redact } from './errors.ts'
import type { Fetch } from './fetch.ts'
import { DEFAULT_MODEL } from './models.ts'
import type { ProviderName, Settings } from './settings.ts'

/** The server that requests go to. The settings alone decide. */
export interface Server {
  provider: Exclude<ProviderName, 'heuristic' | 'command'>
  baseURL: string
  /** undefined: there is no key, or it must not be sent to this address. */
  apiKey: string | undefined
}

/** The provider and model that answer. */
export type ProviderChoice =
  | { provider: 'heuristic'; modelId: 'heuristic' }
  | { provider: 'command'; modelId: string; command: CommandLine }
  | (Server & { modelId: string })

const HOSTED = {
  anthropic: { key: 'ANTHROPIC_API_KEY', url: 'ANTHROPIC_BASE_URL', at: 'https://api.anthropic.com/v1' },
  openai: { key: 'OPENAI_API_KEY', url: 'OPENAI_BASE_URL', at: 'https://api.openai.com/v1' },
} as const

/**
 * Chooses the provider and model. Throws a ConfigError if the settings are ambiguous or incomplete. Sends no
 * request, except to an OpenAI-compatible server without AI_MODEL, to ask which model it has.
 */
export async function chooseModel(settings: Settings, fetch: Fetch): Promise<ProviderChoice> {
  const provider = chooseProvider(settings)
  if (provider === 'heuristic') return { provider, modelId: 'heuristic' }
  if (provider === 'command') return chooseCommand(settings)
  const server = requireServer(provider, settings)
  if (settings.AI_MODEL !== undefined) return { ...server, modelId: settings.AI_MODEL }
  const modelId =
    provider === 'openai-compatible' ? await findOnlyModel(server, fetch) : DEFAULT_MODEL[provider]
  return { ...server, modelId }
}

/** AI_MODEL only names it: the program decides which model answers. */
function chooseCommand({ AI_COMMAND: command, AI_MODEL: label }: Settings): ProviderChoice {
  if (command === undefined) {
    const hint =
      'Set AI_COMMAND to a program that reads a prompt and writes an answer, such as: ollama run NAME.'
    throw new ConfigError('AI_PROVIDER=command needs AI_COMMAND', hint)
  }
  const name = `through ${nameCommand(command)}`
  return { provider: 'command', modelId: label === undefined ? name : `${name} (${label})`, command }
}

/**
 * The provider that AI_PROVIDER names or, without it, the other settings imply. Throws a ConfigError if they
 * imply two.
 */
export function chooseProvider(settings: Settings): ProviderName {
  return settings.AI_PROVIDER ?? inferProvider(settings)
}

/** The address and key of a provider. Throws a ConfigError if either is missing or the address is unsafe. */
export function requireServer(provider: Server['provider'], settings: Settings): Server {
  const allowHttp = settings.ALLOW_HTTP_BASE_URL === '1'
  if (provider === 'openai-compatible') {
    const address = requireVariable('OPENAI_BASE_URL', settings.OPENAI_BASE_URL, provider)
    const { url, mayCarryKey } = parseBaseUrl('OPENAI_BASE_URL', address, allowHttp)
    return { provider, baseURL: url, apiKey: mayCarryKey ? settings.OPENAI_API_KEY : undefined }
  }
  const { key, url, at } = HOSTED[provider]
  const apiKey = requireVariable(key, settings[key], provider)
  const base = parseBaseUrl(url, settings[url] ?? at, allowHttp)
  return { provider, baseURL: base.url, apiKey: base.mayCarryKey ? apiKey : undefined }
}

/** One variable is enough to imply a provider. If two disagree, the user has to choose. */
function inferProvider({ ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENAI_BASE_URL }: Settings): ProviderName {
  const openai = OPENAI_BASE_URL ? 'openai-compatible' : OPENAI_API_KEY ? 'openai' : undefined
  if (ANTHROPIC_API_KEY && openai) {
    const variable = OPENAI_BASE_URL ? 'OPENAI_BASE_URL' : 'OPENAI_API_KEY'
    const hint = `Say which one to use: AI_PROVIDER=anthropic or AI_PROVIDER=${openai}.`
    throw new ConfigError(`ANTHROPIC_API_KEY and ${variable} are both set`, hint)
  }
  return ANTHROPIC_API_KEY ? 'anthropic' : (openai ?? 'heuristic')
}

function requireVariable(variable: string, value: string | undefined, provider: ProviderName): string {
  if (value !== undefined) return value
  const hint = `Set ${variable} in your environment or in .env.`
  throw new ConfigError(`AI_PROVIDER=${provider} needs ${variable}`, hint)
}

const models = z.array(z.object({ id: z.string() }))
/** Ollama without a model says `"data": null`, Together lists without a `data`. */
const modelList = z.union([models, z.object({ data: models.nullable() }).transform(({ data }) => data ?? [])])
const MODEL_LIST_TIMEOUT_MS = 5_000

/** The model of a server that has exactly one, as most local servers do. */
async function findOnlyModel({ baseURL, apiKey }: Server, fetch: Fetch): Promise<string> {
  const models = await listModels(baseURL, apiKey, fetch)
  const [first, ...others] = models
  if (first !== undefined && others.length === 0) return first
  const count =
    models.length === 0 ? 'no model' : `${models.length} models: ${models.slice(0, 20).join(', ')}`
  throw new ConfigError(`${baseURL} offers ${count}`, 'Set AI_MODEL to the one to use.')
}

async function listModels(url: string, apiKey: string | undefined, fetch: Fetch): Promise<string[]> {
  const secrets = apiKey === undefined ? [] : [apiKey]
  try {
    const response = await fetch(`${url}/models`, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(MODEL_LIST_TIMEOUT_MS),
    })
    if (!response.ok) throw new UnreadList(`status ${response.status}`)
    return modelList.parse(await response.json()).map(({ id }) => redact(id, secrets))
  } catch (error) {
    throw explainUnreadList(error, url, secrets)
  }
}

/** The server answered, but not with its models. */
class UnreadList extends Error {}

function explainUnreadList(error: unknown, url: string, secrets: readonly string[]): ConfigError {
  const unread = (reason: string, hint: string) =>
    new ConfigError(`${url}/models cannot be read: ${redact(reason, secrets)}`, hint)
  const hint = 'Check that the URL ends in /v1, or set AI_MODEL.'
  if (error instanceof UnreadList) return unread(error.message, hint)
  if (error instanceof z.ZodError) return unread('not a list of models', hint)
  if (error instanceof SyntaxError) return unread(`not JSON (${error.message})`, hint)
  const failure = explainNetworkFailure(error, url)
  return unread(failure.problem, failure.hint)
}
