import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import * as z from 'zod'
import type { Env } from '#kit/console/env'
import { ConfigError } from '#kit/console/errors'
import { replaceFile } from '#kit/console/replace-file'
import { httpSettings } from '#kit/http/settings'
import type { Scope } from '../scopes.ts'
import { authSettings, OWN_ISSUER, OWN_KEYS } from './settings.ts'

export interface TokenRequest {
  client: string
  scopes: readonly Scope[]
  hours: number
}

const ALGORITHM = 'EdDSA'
const key = z.object({
  kty: z.literal('OKP'),
  crv: z.string(),
  x: z.string(),
  d: z.string(),
  kid: z.string(),
})
type Key = z.infer<typeof key>

/**
 * A token for one's own server, where nobody else issues any. The first makes a pair of keys: the private one stays in `.data/auth`, readable to its owner alone, and the public one is
 * written to what `AUTH_JWKS_FILE` names, whenever nothing is there. Throws `ConfigError` when the environment does not say for which server, or that file has other keys.
 */
export async function issueToken(
  { client, scopes, hours }: TokenRequest,
  env: Env,
  directory: string,
): Promise<string> {
  const own = { ...env, AUTH_JWKS_URL: undefined, AUTH_JWKS_FILE: env['AUTH_JWKS_FILE']?.trim() || OWN_KEYS }
  const settings = authSettings(own, httpSettings(env), directory)
  if (settings === undefined) throw new Error('settings with a file of keys are always some')
  const secret = await secretKey(join(directory, '.data/auth/private-key.json'))
  await publish(secret, resolve(directory, own.AUTH_JWKS_FILE))
  return new SignJWT({ scope: scopes.join(' '), client_id: client })
    .setProtectedHeader({ alg: ALGORITHM, kid: secret.kid, typ: 'at+jwt' })
    .setIssuer(env['AUTH_ISSUER']?.trim() || OWN_ISSUER)
    .setAudience(settings.resource.href)
    .setSubject(client)
    .setIssuedAt()
    .setExpirationTime(`${hours}h`)
    .sign(await importJWK(secret, ALGORITHM))
}

async function secretKey(file: string): Promise<Key> {
  const known = await textOf(file)
  if (known !== undefined) return key.parse(JSON.parse(known))
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  const secret = key.parse({ ...(await exportJWK(privateKey)), kid: crypto.randomUUID() })
  await replaceFile(file, JSON.stringify(secret), { mode: 0o600 })
  return secret
}

/** A token whose key the server does not have would be refused, and a file with keys of others is theirs. */
async function publish({ d: _, ...shared }: Key, file: string): Promise<void> {
  const known = await textOf(file)
  if (known === undefined) {
    const keys = [{ ...shared, alg: ALGORITHM, use: 'sig' }]
    return replaceFile(file, `${JSON.stringify({ keys }, null, 2)}\n`)
  }
  if (known.includes(shared.kid)) return
  throw new ConfigError(
    `AUTH_JWKS_FILE has other keys than .data/auth/private-key.json: ${file}`,
    'Name another file, or remove this one: npm run token writes it anew.',
  )
}

async function textOf(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
}
