import { resolve } from 'node:path'
import type { Env } from '#kit/console/env'
import { ConfigError } from '#kit/console/errors'
import type { HttpSettings } from '#kit/http/settings'

export interface AuthSettings {
  /** This server's address as tokens name it, their audience (RFC 8707). */
  resource: URL
  issuer: string
  /** The issuer's public keys. */
  keys: { url: URL } | { file: string }
}

/** The issuer of tokens that `npm run token` makes. */
export const OWN_ISSUER = 'urn:notes:self'
export const OWN_KEYS = '.data/auth/jwks.json'

/**
 * Reads who may call: `AUTH_ISSUER` with `AUTH_JWKS_URL`, or `AUTH_JWKS_FILE`; and `PUBLIC_URL`, the address
 * that clients use. Undefined: the server asks for no token. Throws `ConfigError` when it would ask for none
 * and other machines can reach it.
 */
export function readAuthSettings(env: Env, http: HttpSettings, directory: string): AuthSettings | undefined {
  const keys = findKeys(env, directory)
  if (keys === undefined) {
    refuseOpenServer(env, http)
    return undefined
  }
  const issuer = env['AUTH_ISSUER']?.trim() || ('file' in keys ? OWN_ISSUER : '')
  if (issuer === '')
    throw new ConfigError(
      'AUTH_JWKS_URL is set, and AUTH_ISSUER is not',
      'Set it to what your tokens have as iss.',
    )
  return { keys, issuer, resource: readResourceUrl(env, http) }
}

function findKeys(env: Env, directory: string): AuthSettings['keys'] | undefined {
  const url = env['AUTH_JWKS_URL']?.trim()
  const file = env['AUTH_JWKS_FILE']?.trim()
  if (url) return { url: parseSafeUrl('AUTH_JWKS_URL', url) }
  return file ? { file: resolve(directory, file) } : undefined
}

function readResourceUrl(env: Env, { host, port, allowedHosts }: HttpSettings): URL {
  const given = env['PUBLIC_URL']?.trim()
  if (given) return parseSafeUrl('PUBLIC_URL', given)
  if (isThisMachine(host) && allowedHosts.length === 0 && port !== 0)
    return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}/mcp`)
  throw new ConfigError(
    'PUBLIC_URL is not set',
    'Set it to the address that clients use, such as https://notes.example.com/mcp: tokens are made for it.',
  )
}

/** Tokens and keys never travel unencrypted, except on this machine. */
function parseSafeUrl(variable: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isThisMachine(url.hostname))) return url
  throw new ConfigError(
    `${variable} takes an https:// address; found "${text}"`,
    'Only this machine may have an http:// address.',
  )
}

function refuseOpenServer(env: Env, { host, allowedHosts }: HttpSettings): void {
  const isClosed = isThisMachine(host) && allowedHosts.length === 0
  if (isClosed || env['ALLOW_ANONYMOUS'] === '1') return
  throw new ConfigError(
    'This server could be reached by others, and would not ask who they are',
    'Set AUTH_JWKS_FILE or AUTH_JWKS_URL and PUBLIC_URL (.env.example), or ALLOW_ANONYMOUS=1 if a proxy authenticates clients.',
  )
}

function isThisMachine(host: string): boolean {
  return ['127.0.0.1', 'localhost', '::1', '[::1]'].includes(host)
}
