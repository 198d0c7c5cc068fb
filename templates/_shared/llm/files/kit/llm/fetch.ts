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
