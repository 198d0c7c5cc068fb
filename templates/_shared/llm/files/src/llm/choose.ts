import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import type { ProviderName, Settings } from './env.ts'
import { ConfigError, LlmError, redact } from './errors.ts'
import { DEFAULT_MODEL } from './models.ts'

type Fetch = typeof globalThis.fetch

/** Who answers: decided from settings alone, except that a local server may be asked which model it has. */
export type Choice =
  | { provider: 'heuristic'; modelId: 'heuristic' }
  | {
      provider: Exclude<ProviderName, 'heuristic'>
      modelId: string
      baseURL: string
      /** undefined: there is none, or it must not go to this address. */
      apiKey: string | undefined
    }

const HOSTED = {
  anthropic: { key: 'ANTHROPIC_API_KEY', url: 'ANTHROPIC_BASE_URL', at: 'https://api.anthropic.com/v1' },
  openai: { key: 'OPENAI_API_KEY', url: 'OPENAI_BASE_URL', at: 'https://api.openai.com/v1' },
} as const

/** Throws a `ConfigError` when the settings name no provider clearly, or lack what it needs. */
export async function chooseModel(settings: Settings, fetch: Fetch): Promise<Choice> {
  const provider = settings.AI_PROVIDER ?? impliedProvider(settings)
  const allowHttp = settings.ALLOW_HTTP_BASE_URL === '1'
  switch (provider) {
    case 'heuristic':
      return { provider, modelId: 'heuristic' }
    case 'anthropic':
    case 'openai':
      return hosted(provider, settings, allowHttp)
    case 'openai-compatible': {
      const address = required('OPENAI_BASE_URL', settings.OPENAI_BASE_URL, provider)
      const { url, mayCarryKey } = parseBaseUrl('OPENAI_BASE_URL', address, allowHttp)
      const apiKey = mayCarryKey ? settings.OPENAI_API_KEY : undefined
      const modelId = settings.AI_MODEL ?? (await onlyModelAt(url, apiKey, fetch))
      return { provider, modelId, baseURL: url, apiKey }
    }
    default:
      return provider satisfies never
  }
}

function hosted(provider: keyof typeof HOSTED, settings: Settings, allowHttp: boolean): Choice {
  const { key, url, at } = HOSTED[provider]
  const apiKey = required(key, settings[key], provider)
  const base = parseBaseUrl(url, settings[url] ?? at, allowHttp)
  const modelId = settings.AI_MODEL ?? DEFAULT_MODEL[provider]
  return { provider, modelId, baseURL: base.url, apiKey: base.mayCarryKey ? apiKey : undefined }
}

/** One variable is enough to choose; two that disagree are not for us to rank. */
function impliedProvider({ ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENAI_BASE_URL }: Settings): ProviderName {
  const openai = OPENAI_BASE_URL ? 'openai-compatible' : OPENAI_API_KEY ? 'openai' : undefined
  if (ANTHROPIC_API_KEY && openai) {
    const variable = OPENAI_BASE_URL ? 'OPENAI_BASE_URL' : 'OPENAI_API_KEY'
    const hint = `Say which one to use: AI_PROVIDER=anthropic or AI_PROVIDER=${openai}.`
    throw new ConfigError(`ANTHROPIC_API_KEY and ${variable} are both set`, hint)
  }
  return ANTHROPIC_API_KEY ? 'anthropic' : (openai ?? 'heuristic')
}

function required(variable: string, value: string | undefined, provider: ProviderName): string {
  if (value !== undefined) return value
  const hint = `Set ${variable} in your environment or in .env.`
  throw new ConfigError(`AI_PROVIDER=${provider} needs ${variable}`, hint)
}

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) })
const MODEL_LIST_TIMEOUT_MS = 5_000

/** The model of a server that has exactly one, as most local servers do. */
async function onlyModelAt(url: string, apiKey: string | undefined, fetch: Fetch): Promise<string> {
  const models = await listModels(url, apiKey, fetch)
  const [first, ...others] = models
  if (first !== undefined && others.length === 0) return first
  const count =
    models.length === 0 ? 'no model' : `${models.length} models: ${models.slice(0, 20).join(', ')}`
  throw new ConfigError(`${url} offers ${count}`, 'Set AI_MODEL to the one to use.')
}

async function listModels(url: string, apiKey: string | undefined, fetch: Fetch): Promise<string[]> {
  const secrets = apiKey === undefined ? [] : [apiKey]
  try {
    const response = await fetch(`${url}/models`, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(MODEL_LIST_TIMEOUT_MS),
    })
    if (!response.ok) throw new Error(`status ${response.status}`)
    return modelList.parse(await response.json()).data.map(({ id }) => redact(id, secrets))
  } catch (error) {
    const reason = error instanceof z.ZodError ? 'not a list of models' : redact(String(error), secrets)
    const hint = 'Check that the server is running and the URL ends in /v1, or set AI_MODEL.'
    throw new ConfigError(`${url}/models cannot be read (${reason})`, hint)
  }
}

export interface BaseUrl {
  url: string
  /** false: plain HTTP to another machine, where anyone on the way could read a key. */
  mayCarryKey: boolean
}

/**
 * Checks the base URL in `variable`: HTTPS anywhere, plain HTTP to this machine, plain HTTP to a private host only if
 * allowed, and then without a key. A URL without a path gets `/v1`, where these APIs live.
 */
export function parseBaseUrl(variable: string, value: string, allowHttp: boolean): BaseUrl {
  const parsed = URL.canParse(value) ? new URL(value) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    const hint = `For example ${variable}=http://localhost:11434/v1`
    throw new ConfigError(`${variable} is not an http(s) URL`, hint)
  }
  const { protocol, hostname, origin, pathname } = parsed
  if (parsed.username || parsed.password || parsed.search || parsed.hash) {
    const hint = 'Put the key in its own variable.'
    throw new ConfigError(`${variable} must not have a user, password, query or #`, hint)
  }
  const url = `${origin}${pathname === '/' ? '/v1' : pathname.replace(/\/+$/, '')}`
  if (protocol === 'https:' || isLoopback(hostname)) return { url, mayCarryKey: true }
  if (!isPrivate(hostname)) {
    throw new ConfigError(`${variable} is plain http to a public host (${hostname})`, 'Use https.')
  }
  if (allowHttp) return { url, mayCarryKey: false }
  const hint = 'Use https, or set ALLOW_HTTP_BASE_URL=1 if you trust that network; no key is sent then.'
  throw new ConfigError(`${variable} is plain http to another machine (${hostname})`, hint)
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const privateNetworks = new BlockList()
privateNetworks.addSubnet('10.0.0.0', 8)
privateNetworks.addSubnet('172.16.0.0', 12)
privateNetworks.addSubnet('192.168.0.0', 16)
privateNetworks.addSubnet('100.64.0.0', 10)
privateNetworks.addSubnet('fc00::', 7, 'ipv6')

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || isIn(loopback, hostname)
}

/** A private address, or a name that only a local network knows: no dot in it, or a reserved ending. */
function isPrivate(hostname: string): boolean {
  return isIn(privateNetworks, hostname) || /^[^.:[\]]+$|\.(?:local|internal|lan|home\.arpa)$/.test(hostname)
}

function isIn(list: BlockList, hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  const version = isIP(address)
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

/** `fetch` that treats a redirect as an error: following one would carry key and prompt to another address. */
export function withoutRedirects(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' })
    if (response.status < 300 || response.status >= 400) return response
    await response.body?.cancel()
    const problem = `the base URL answers with a redirect (${response.status}), which is not followed`
    throw new LlmError('config', problem, { hint: 'Set the base URL to the final address.' })
  }
}
