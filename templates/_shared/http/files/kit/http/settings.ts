import type { Env } from '#kit/console/env'
import { ConfigError } from '#kit/console/errors'
import { parseWholeNumber } from '#kit/console/options'

export interface HttpSettings {
  /** Address to listen on: this machine alone, unless `HOST` says otherwise. */
  host: string
  /** 0: any free port. */
  port: number
  /** Extra host names, with or without a port, that this server answers to. */
  allowedHosts: readonly string[]
  /** True only behind a proxy that sets X-Forwarded-For: the last address there is then the client's. */
  isBehindProxy: boolean
  /** Requests per minute that one client may send. */
  requestsPerMinute: number
}

/**
 * Reads `HOST`, `PORT`, `ALLOWED_HOSTS`, `TRUST_PROXY` and `RATE_LIMIT`. Throws a ConfigError if a host name
 * is invalid, and a UsageError if a number is.
 */
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

/** Reports a wildcard or a URL, which would match no Host header: the server would refuse every request. */
function checkHostName(name: string): void {
  if (/^(?:\[[\da-f:]+\]|[\w.-]+)(?::\d{1,5})?$/.test(name)) return
  throw new ConfigError(
    `ALLOWED_HOSTS takes names such as docs.example.com or localhost:8080; found "${name}"`,
    'Leave out https:// and paths; there are no wildcards.',
  )
}
