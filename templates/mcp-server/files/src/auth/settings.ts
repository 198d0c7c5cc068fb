import { resolve } from 'node:path'
import type { Env } from '#kit/console/env'
import { ConfigError } from '#kit/console/errors'
import type { HttpSettings } from '#kit/http/settings'

export interface AuthSettings {
  /** This server as tokens name it (RFC 8707): their audience. */
  resource: URL
  issuer: string
  /** Where the issuer's public keys are. */
  keys: { url: URL } | { file: string }
}

/** Who issues tokens when `npm run token` does. */
export const OWN_ISSUER = 'urn:notes:self'
export const OWN_KEYS = '.data/auth/jwks.json'

/**
 * Who may call: `AUTH_ISSUER` with `AUTH_JWKS_URL`, or `AUTH_JWKS_FILE`; and `PUBLIC_URL`, the address that clients use. Undefined: anybody, which is only this machine. Throws
 * `ConfigError` when it would be anybody else.
 */
export function authSettings(env: Env, http: HttpSettings, directory: string): AuthSettings | undefined {
  const keys = keysIn(env, directory)
  if (keys === undefined) {
    refuseOpenDoor(env, http)
    return undefined
  }
  const issuer = env['AUTH_ISSUER']?.trim() || ('file' in keys ? OWN_ISSUER : '')
  if (issuer === '')
    throw new ConfigError(
      'AUTH_JWKS_URL is set, and AUTH_ISSUER is not',
      'Set it to what your tokens have as iss.',
    )
  return { keys, issuer, resource: resourceIn(env, http) }
}

function keysIn(env: Env, directory: string): AuthSettings['keys'] | undefined {
  const url = env['AUTH_JWKS_URL']?.trim()
  const file = env['AUTH_JWKS_FILE']?.trim()
  if (url) return { url: safeUrl('AUTH_JWKS_URL', url) }
  return file ? { file: resolve(directory, file) } : undefined
}

function resourceIn(env: Env, { host, port, allowedHosts }: HttpSettings): URL {
  const given = env['PUBLIC_URL']?.trim()
  if (given) return safeUrl('PUBLIC_URL', given)
  if (isThisMachine(host) && allowedHosts.length === 0 && port !== 0)
    return new URL(`http://${hostOf(host)}:${port}/mcp`)
  throw new ConfigError(
    'PUBLIC_URL is not set',
    'Set it to the address that clients use, such as https://notes.example.com/mcp: tokens are made for it.',
  )
}

/** Tokens, and the keys that they are checked with, do not travel in the clear. */
function safeUrl(variable: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isThisMachine(url.hostname))) return url
  throw new ConfigError(
    `${variable} takes an https:// address; found "${text}"`,
    'On this machine alone, http:// will do.',
  )
}

function refuseOpenDoor(env: Env, { host, allowedHosts }: HttpSettings): void {
  const isClosed = isThisMachine(host) && allowedHosts.length === 0
  if (isClosed || env['ALLOW_ANONYMOUS'] === '1') return
  throw new ConfigError(
    'This server could be reached by others, and would not ask who they are',
    'Set AUTH_JWKS_FILE or AUTH_JWKS_URL and PUBLIC_URL (.env.example), or ALLOW_ANONYMOUS=1 where something before it asks.',
  )
}

function isThisMachine(host: string): boolean {
  return ['127.0.0.1', 'localhost', '::1', '[::1]'].includes(host)
}

function hostOf(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
