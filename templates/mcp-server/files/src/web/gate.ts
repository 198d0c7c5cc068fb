import {
  type AuthInfo,
  getOAuthProtectedResourceMetadataUrl,
  type OAuthProtectedResourceMetadata,
  type OAuthTokenVerifier,
  requireBearerAuth,
} from '@modelcontextprotocol/server'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '#kit/http/app'
import type { AuthSettings } from '../auth/settings.ts'
import { SCOPES } from '../scopes.ts'
import { SERVER } from '../server.ts'

/** What requests that passed the gate have. */
export interface McpEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { authInfo?: AuthInfo }
}

/**
 * 401 without a good token, 403 without the scope that everything here needs, both with the address of the metadata that tells a client where to get one (RFC 6750, RFC 9728). What a
 * single tool needs beyond that, the tool says.
 */
export function bearerGate({ resource }: AuthSettings, verifier: OAuthTokenVerifier) {
  const gate = requireBearerAuth({
    verifier,
    requiredScopes: ['notes:read'],
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
    expectedResource: resource,
  })
  return createMiddleware<McpEnv>(async (c, next) => {
    const passed = await gate(c.req.raw)
    if (passed instanceof Response) return passed
    c.set('authInfo', passed)
    return await next()
  })
}

/** Where clients look for who issues tokens for this server. */
export const resourceMetadata = {
  paths({ resource }: AuthSettings): string[] {
    const known = '/.well-known/oauth-protected-resource'
    return [...new Set([known, new URL(getOAuthProtectedResourceMetadataUrl(resource)).pathname])]
  },

  document({ resource, issuer }: AuthSettings): OAuthProtectedResourceMetadata {
    return {
      resource: resource.href,
      // Tokens that their owner makes by hand come from no server that a client could ask.
      authorization_servers: URL.canParse(issuer) && issuer.startsWith('http') ? [issuer] : [],
      scopes_supported: [...SCOPES],
      bearer_methods_supported: ['header'],
      resource_name: SERVER.title,
    }
  },
}
