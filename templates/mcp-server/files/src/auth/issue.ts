import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import * as z from 'zod'
import { replaceFile } from '../console/replace-file.ts'
import { httpSettings } from '../http/settings.ts'
import type { Env } from '../llm/env.ts'
import type { Scope } from '../scopes.ts'
import { authSettings, OWN_ISSUER, OWN_KEYS } from './settings.ts'

export interface TokenRequest {
  client: string
  scopes: readonly Scope[]
  hours: number
}

const ALGORITHM = 'EdDSA'
const key = z.looseObject({ kty: z.literal('OKP'), kid: z.string(), d: z.string() })

/**
 * A token for one's own server, where nobody else issues any. The first makes a pair of keys: the private one stays in `.data/auth`, readable to its owner alone, and the public one is
 * what `AUTH_JWKS_FILE` names. Throws `ConfigError` when the environment does not say for which server.
 */
export async function issueToken(
  { client, scopes, hours }: TokenRequest,
  env: Env,
  directory: string,
): Promise<string> {
  const own = { ...env, AUTH_JWKS_URL: undefined, AUTH_JWKS_FILE: env['AUTH_JWKS_FILE']?.trim() || OWN_KEYS }
  const settings = authSettings(own, httpSettings(env), directory)
  if (settings === undefined) throw new Error('settings with a file of keys are always some')
  const secret = await secretKey(directory, resolve(directory, own.AUTH_JWKS_FILE))
  return new SignJWT({ scope: scopes.join(' '), client_id: client })
    .setProtectedHeader({ alg: ALGORITHM, kid: secret.kid, typ: 'at+jwt' })
    .setIssuer(env['AUTH_ISSUER']?.trim() || OWN_ISSUER)
    .setAudience(settings.resource.href)
    .setSubject(client)
    .setIssuedAt()
    .setExpirationTime(`${hours}h`)
    .sign(await importJWK(secret, ALGORITHM))
}

async function secretKey(directory: string, publicFile: string): Promise<z.infer<typeof key>> {
  const file = join(directory, '.data/auth/private-key.json')
  const known = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (known !== undefined) return key.parse(JSON.parse(known))
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  const kid = crypto.randomUUID()
  const secret = key.parse({ ...(await exportJWK(privateKey)), kid })
  const shared = { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' }
  await replaceFile(file, JSON.stringify(secret), { mode: 0o600 })
  await replaceFile(publicFile, `${JSON.stringify({ keys: [shared] }, null, 2)}\n`)
  return secret
}
