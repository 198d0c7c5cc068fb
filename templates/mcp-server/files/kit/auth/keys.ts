import { readFile } from 'node:fs/promises'
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import * as z from 'zod'
import { ConfigError } from '#kit/console/errors'
import type { AuthSettings } from './settings.ts'

const FETCH_MS = 5_000

const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })

/**
 * Finds the key that a token names. Keys at a URL are fetched when a token needs them. Throws `ConfigError`
 * when a file of keys can't be used.
 */
export async function openKeys(keys: AuthSettings['keys']): Promise<JWTVerifyGetKey> {
  return 'url' in keys
    ? createRemoteJWKSet(keys.url, { timeoutDuration: FETCH_MS })
    : await readLocalKeys(keys.file)
}

/** Whether verifying failed because the issuer's keys can't be had, which is not the token's fault. */
export function isKeyFailure(error: unknown): boolean {
  return (
    !(error instanceof errors.JOSEError) ||
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid
  )
}

async function readLocalKeys(file: string): Promise<JWTVerifyGetKey> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new ConfigError(`AUTH_JWKS_FILE cannot be read: ${file}`, 'npm run token makes one.')
  const { success, data } = jwks.safeParse(tryParseKeys(text))
  if (!success)
    throw new ConfigError(`AUTH_JWKS_FILE holds no keys: ${file}`, 'It has to be a JSON Web Key Set.')
  return createLocalJWKSet(data)
}

function tryParseKeys(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
