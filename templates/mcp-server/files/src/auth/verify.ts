import { readFile } from 'node:fs/promises'
import {
  type AuthInfo,
  OAuthError,
  OAuthErrorCode,
  type OAuthTokenVerifier,
} from '@modelcontextprotocol/server'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import * as z from 'zod'
import { ConfigError } from '#kit/console/errors'
import type { AuthSettings } from './settings.ts'

/** Signatures by a pair of keys. A shared secret, or none, is nothing that a stranger's token may choose. */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'PS256', 'RS256']
const CLOCK_TOLERANCE = 5 // seconds

const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })

/**
 * Checks tokens that the issuer made for this server and that are still good: signature, issuer, audience, expiry. They are never handed on to anybody. Throws `ConfigError` when a
 * file of keys cannot be used.
 */
export async function tokenVerifier(
  { keys, issuer, resource }: AuthSettings,
  report: (error: unknown) => void,
): Promise<OAuthTokenVerifier> {
  const keyOf =
    'url' in keys ? createRemoteJWKSet(keys.url, { timeoutDuration: 5_000 }) : await localKeys(keys.file)
  const wanted = { issuer, audience: resource.href, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE }
  return {
    async verifyAccessToken(token) {
      const verify = () => jwtVerify(token, keyOf, { ...wanted, requiredClaims: ['exp'] })
      const payload = await verified(verify, report)
      return authInfo(token, payload, resource)
    },
  }
}

async function verified(
  verify: () => Promise<{ payload: JWTPayload }>,
  report: (error: unknown) => void,
): Promise<JWTPayload> {
  try {
    return (await verify()).payload
  } catch (error) {
    // Which check it failed helps nobody but whoever tries tokens out.
    if (!isOurs(error)) throw new OAuthError(OAuthErrorCode.InvalidToken, 'The token is not good here')
    report(error)
    throw new OAuthError(OAuthErrorCode.ServerError, 'The keys of the issuer cannot be had')
  }
}

/** Not the token's fault: the issuer does not answer. */
function isOurs(error: unknown): boolean {
  return (
    !(error instanceof errors.JOSEError) ||
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid
  )
}

function authInfo(token: string, payload: JWTPayload, resource: URL): AuthInfo {
  const { exp, sub, client_id, azp, scope, scp } = claims.parse(payload)
  return {
    token,
    clientId: client_id ?? azp ?? sub ?? 'unknown',
    scopes: [scope?.split(' ') ?? [], scp ?? []].flat().filter((one) => one !== ''),
    expiresAt: exp,
    resource,
  }
}

/** Issuers say scopes in one of two ways, and the client in one of three. */
const claims = z.object({
  exp: z.number(),
  sub: z.string().optional(),
  client_id: z.string().optional().catch(undefined),
  azp: z.string().optional().catch(undefined),
  scope: z.string().optional().catch(undefined),
  scp: z.array(z.string()).optional().catch(undefined),
})

async function localKeys(file: string): Promise<JWTVerifyGetKey> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new ConfigError(`AUTH_JWKS_FILE cannot be read: ${file}`, 'npm run token makes one.')
  const { success, data } = jwks.safeParse(parsed(text))
  if (!success)
    throw new ConfigError(`AUTH_JWKS_FILE holds no keys: ${file}`, 'It has to be a JSON Web Key Set.')
  return createLocalJWKSet(data)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
