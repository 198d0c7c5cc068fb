import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import * as z from 'zod'
import type { Env } from '#kit/console/env'
import { ConfigError } from '#kit/console/errors'
import { replaceFile } from '#kit/console/replace-file'
import { readHttpSettings } from '#kit/http/settings'
import { OWN_ISSUER, OWN_KEYS, readAuthSettings } from './settings.ts'

export interface TokenRequest {
  client: string
  scopes: readonly string[]
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
 * Issues a token for a server that has no other issuer. The first call makes a key pair: the private key goes
 * to `.data/auth`, readable to its owner alone. Each call writes the public key to `AUTH_JWKS_FILE` if that
 * file is missing. Throws `ConfigError` when the environment does not name the server, or the file has other
 * keys.
 */
export async function issueToken(
  { client, scopes, hours }: TokenRequest,
  env: Env,
  directory: string,
): Promise<string> {
  const own = { ...env, AUTH_JWKS_URL: undefined, AUTH_JWKS_FILE: env['AUTH_JWKS_FILE']?.trim() || OWN_KEYS }
  const settings = readAuthSettings(own, readHttpSettings(env), directory)
  if (settings === undefined) throw new Error('settings with a file of keys are always some')
  const secret = await readOrCreateKey(join(directory, '.data/auth/private-key.json'))
  await publishKey(secret, resolve(directory, own.AUTH_JWKS_FILE))
  return new SignJWT({ scope: scopes.join(' '), client_id: client })
    .setProtectedHeader({ alg: ALGORITHM, kid: secret.kid, typ: 'at+jwt' })
    .setIssuer(env['AUTH_ISSUER']?.trim() || OWN_ISSUER)
    .setAudience(settings.resource.href)
    .setSubject(client)
    .setIssuedAt()
    .setExpirationTime(`${hours}h`)
    .sign(await importJWK(secret, ALGORITHM))
}

async function readOrCreateKey(file: string): Promise<Key> {
  const known = await readIfThere(file)
  if (known !== undefined) return key.parse(JSON.parse(known))
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  const secret = key.parse({ ...(await exportJWK(privateKey)), kid: crypto.randomUUID() })
  await replaceFile(file, JSON.stringify(secret), { mode: 0o600 })
  return secret
}

/**
 * The server would refuse a token whose key it does not have. A file with another issuer's keys stays
 * untouched.
 */
async function publishKey({ d: _, ...shared }: Key, file: string): Promise<void> {
  const known = await readIfThere(file)
  if (known === undefined) {
    const keys = [{ ...shared, alg: ALGORITHM, use: 'sig' }]
    return replaceFile(file, `${JSON.stringify({ keys }, null, 2)}\n`)
  }
  if (known.includes(shared.kid)) return
  throw new ConfigError(
    `AUTH_JWKS_FILE has other keys than .data/auth/private-key.json: ${file}`,
    'Name another file, or remove this one and run: npm run token',
  )
}

async function readIfThere(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
}
