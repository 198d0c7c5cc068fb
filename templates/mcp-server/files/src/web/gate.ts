import {
  type AuthInfo,
  getOAuthProtectedResourceMetadataUrl,
  type OAuthProtectedResourceMetadata,
  type OAuthTokenVerifier,
  requireBearerAuth,
} from '@modelcontextprotocol/server'
import { createMiddleware } from 'hono/factory'
import type { AuthSettings } from '#kit/auth/settings'
import type { AppEnv } from '#kit/http/app'
import { SCOPES, SERVER } from '../about.ts'

/** What handlers behind the gate can read. */
export interface McpEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { authInfo?: AuthInfo }
}

/**
 * 401 without a valid token, 403 without the scope that everything here needs. Both name the address of the
 * metadata below (RFC 6750, RFC 9728). A tool that needs another scope asks for it itself.
 */
export function requireToken({ resource }: AuthSettings, verifier: OAuthTokenVerifier) {
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

/** Where a client without a token looks for the issuer. */
export function listMetadataPaths({ resource }: AuthSettings): string[] {
  const path = '/.well-known/oauth-protected-resource'
  return [...new Set([path, new URL(getOAuthProtectedResourceMetadataUrl(resource)).pathname])]
}

/** What a client reads there: who issues tokens for this server, and with which scopes. */
export function describeResource({ resource, issuer }: AuthSettings): OAuthProtectedResourceMetadata {
  return {
    resource: resource.href,
    // Tokens from `npm run token` come from no server that a client could ask.
    authorization_servers: URL.canParse(issuer) && issuer.startsWith('http') ? [issuer] : [],
    scopes_supported: [...SCOPES],
    bearer_methods_supported: ['header'],
    resource_name: SERVER.title,
  }
}
