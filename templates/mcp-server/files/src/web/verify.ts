import { OAuthError, OAuthErrorCode, type OAuthTokenVerifier } from '@modelcontextprotocol/server'
import { type JWTPayload, jwtVerify } from 'jose'
import { readAuthInfo } from '#kit/auth/claims'
import { isKeyFailure, openKeys } from '#kit/auth/keys'
import type { AuthSettings } from '#kit/auth/settings'

/** Asymmetric signatures only. A token must not choose `none`, or an HMAC keyed with the public key. */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'PS256', 'RS256']
const CLOCK_TOLERANCE = 5 // seconds

/**
 * Verifies that a token is signed by the issuer's key, is meant for this server (`aud`, RFC 8707) and has not
 * expired. The server never passes a token on. Throws `ConfigError` when the key file can't be used.
 */
export async function createTokenVerifier(
  { keys, issuer, resource }: AuthSettings,
  report: (error: unknown) => void,
): Promise<OAuthTokenVerifier> {
  const findKey = await openKeys(keys)
  const required = {
    ...{ issuer, audience: resource.href, requiredClaims: ['exp'] },
    ...{ algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE },
  }
  return {
    async verifyAccessToken(token) {
      try {
        const { payload } = await jwtVerify<JWTPayload>(token, findKey, required)
        return readAuthInfo(token, payload, resource)
      } catch (error) {
        // Which check failed helps only an attacker who tries tokens.
        if (!isKeyFailure(error))
          throw new OAuthError(OAuthErrorCode.InvalidToken, 'The token is not good here')
        report(error)
        throw new OAuthError(OAuthErrorCode.ServerError, 'The keys of the issuer cannot be had')
      }
    },
  }
}
