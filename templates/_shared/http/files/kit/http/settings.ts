import type { Env } from '#kit/console/env'
import { ConfigError } from '#kit/console/errors'
import { parseWholeNumber } from '#kit/console/options'

export interface HttpSettings {
  /** Where it listens: this machine alone, unless `HOST` says otherwise. */
  host: string
  /** 0: any that is free. */
  port: number
  /** Host names, with or without a port, that this server answers to, in addition to this machine's own. */
  allowedHosts: readonly string[]
  /** The last address in X-Forwarded-For is the client's: only behind a proxy that sets it. */
  isBehindProxy: boolean
  /** Requests a minute that one client may make. */
  requestsPerMinute: number
}

/** `HOST`, `PORT`, `ALLOWED_HOSTS`, `TRUST_PROXY`, `RATE_LIMIT`. Throws `ConfigError`, or `UsageError` for a number that is none. */
export function readHttpSettings(env: Env): HttpSettings {
  const host = env['HOST']?.trim() || '127.0.0.1'
  const allowedHosts = (env['ALLOWED_HOSTS'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  for (const name of allowedHosts) checkHostName(name)
  return {
    host,
    port: parseWholeNumber('PORT', 0, 65_535, env['PORT']?.trim() || '8080'),
    allowedHosts,
    isBehindProxy: env['TRUST_PROXY'] === '1',
    requestsPerMinute: parseWholeNumber('RATE_LIMIT', 1, 1_000_000, env['RATE_LIMIT']?.trim() || '60'),
  }
}

/** A wildcard or an address with a scheme would be matched with nothing: better said than silently closed. */
function checkHostName(name: string): void {
  if (/^(?:\[[\da-f:]+\]|[\w.-]+)(?::\d{1,5})?$/.test(name)) return
  throw new ConfigError(
    `ALLOWED_HOSTS takes names such as docs.example.com or localhost:8080; found "${name}"`,
    'Leave out https:// and paths; there are no wildcards.',
  )
}
