import { LlmError } from './errors.ts'

export type Fetch = typeof globalThis.fetch

/**
 * Wraps `fetch` to refuse redirects, which would send key and prompt to another address: a redirect throws an
 * LlmError of kind `config`.
 */
export function refuseRedirects(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' })
    if (response.status < 300 || response.status >= 400) return response
    await response.body?.cancel()
    const problem = `the base URL answers with a redirect (${response.status}), which is not followed`
    throw new LlmError('config', problem, { hint: 'Set the base URL to the final address.' })
  }
}

/**
 * Wraps `fetch` to find names below `localhost` on this machine, as RFC 6761 says: many resolvers do not know
 * them. The server then sees the address: `fetch` does not set another `Host`.
 */
export function resolveLocalNames(fetch: Fetch): Fetch {
  return async (input, init) => {
    try {
      return await fetch(input, init)
    } catch (error) {
      const url = typeof input === 'string' && URL.canParse(input) ? new URL(input) : undefined
      const { code } = ((error instanceof Error && error.cause) || {}) as { code?: unknown }
      const isUnknown = code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      if (!isUnknown || !url?.hostname.endsWith('.localhost')) throw error
      url.hostname = '127.0.0.1'
      return await fetch(url.href, init)
    }
  }
}
