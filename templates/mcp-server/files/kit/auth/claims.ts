import type { AuthInfo } from '@modelcontextprotocol/server'
import type { JWTPayload } from 'jose'
import * as z from 'zod'

/** Issuers write scopes in one of two claims, and the client in one of three. */
const claims = z.object({
  exp: z.number(),
  sub: z.string().optional(),
  client_id: z.string().optional().catch(undefined),
  azp: z.string().optional().catch(undefined),
  scope: z.string().optional().catch(undefined),
  scp: z.array(z.string()).optional().catch(undefined),
})

/** Who calls, and what they may do, from the claims of a verified token. */
export function readAuthInfo(token: string, payload: JWTPayload, resource: URL): AuthInfo {
  const { exp, sub, client_id, azp, scope, scp } = claims.parse(payload)
  return {
    token,
    clientId: client_id ?? azp ?? sub ?? 'unknown',
    scopes: [scope?.split(' ') ?? [], scp ?? []].flat().filter((one) => one !== ''),
    expiresAt: exp,
    resource,
  }
}
