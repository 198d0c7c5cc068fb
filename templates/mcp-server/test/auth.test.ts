import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { issueToken } from '#kit/auth/issue'
import { openKeys } from '#kit/auth/keys'
import { readAuthSettings } from '#kit/auth/settings'
import { readHttpSettings } from '#kit/http/settings'
import { createTokenVerifier } from '../../../src/web/verify.ts'

const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'auth-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}
const REQUEST = { client: 'me', scopes: ['notes:read', 'notes:write'], hours: 8 }
const claimsIn = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

describe('the settings', () => {
  const read = (env: Record<string, string>) => readAuthSettings(env, readHttpSettings(env), '/repo')

  it.each([
    [{ HOST: '0.0.0.0' }, 'would not ask who they are'],
    [{ ALLOWED_HOSTS: 'notes.example.com' }, 'would not ask who they are'],
    [
      { AUTH_JWKS_URL: 'http://keys.example.com/', AUTH_ISSUER: 'x' },
      'AUTH_JWKS_URL takes an https:// address',
    ],
    [
      { AUTH_JWKS_URL: 'https://keys.example.com/', PUBLIC_URL: 'https://x.example.com/mcp' },
      'AUTH_ISSUER is not',
    ],
    [{ AUTH_JWKS_FILE: 'none.json', HOST: '0.0.0.0' }, 'PUBLIC_URL is not set'],
  ])('refuse %j', (env, message) => {
    expect(() => read(env)).toThrow(message)
  })

  it('ask for no token on this machine alone, or when told that a proxy does', () => {
    expect(read({})).toBeUndefined()
    expect(read({ HOST: '0.0.0.0', ALLOW_ANONYMOUS: '1' })).toBeUndefined()
  })

  it('name the server by its address, with brackets around one of IPv6', () => {
    const resource = (env: Record<string, string>) =>
      read({ AUTH_JWKS_FILE: 'keys.json', ...env })?.resource.href
    expect(resource({})).toBe('http://127.0.0.1:8080/mcp')
    expect(resource({ HOST: '::1', PORT: '9000' })).toBe('http://[::1]:9000/mcp')
    expect(resource({ PUBLIC_URL: 'https://x.example.com/mcp' })).toBe('https://x.example.com/mcp')
  })
})

describe('the keys', () => {
  it('are missing, or no keys, with a sentence that names the file', async () => {
    const file = join(folder(), 'keys.json')
    await expect(openKeys({ file })).rejects.toThrow(`AUTH_JWKS_FILE cannot be read: ${file}`)
    writeFileSync(file, '{"keys": []}')
    await expect(openKeys({ file })).rejects.toThrow(`AUTH_JWKS_FILE holds no keys: ${file}`)
    writeFileSync(file, 'no JSON')
    await expect(openKeys({ file })).rejects.toThrow(`AUTH_JWKS_FILE holds no keys: ${file}`)
  })
})

describe('a token of the server itself', () => {
  it('is for this server, and the private key is for its owner alone', async () => {
    const directory = folder()
    await issueToken(REQUEST, {}, directory)
    const token = await issueToken({ ...REQUEST, client: 'ci', scopes: ['notes:read'] }, {}, directory)
    const claims = claimsIn(token)
    expect(claims).toMatchObject({
      ...{ iss: 'urn:notes:self', aud: 'http://127.0.0.1:8080/mcp', scope: 'notes:read', sub: 'ci' },
    })
    expect(claims.exp - claims.iat).toBe(8 * 3600)
    expect(statSync(join(directory, '.data/auth/private-key.json')).mode & 0o777).toBe(0o600)
  })

  it('is verified with the public key that is written with it', async () => {
    const directory = folder()
    const token = await issueToken(REQUEST, {}, directory)
    const env = { AUTH_JWKS_FILE: '.data/auth/jwks.json' }
    const settings = readAuthSettings(env, readHttpSettings(env), directory)
    if (settings === undefined) throw new Error('no settings')
    const verifier = await createTokenVerifier(settings, () => {})
    expect(await verifier.verifyAccessToken(token)).toMatchObject({
      ...{ clientId: 'me', scopes: REQUEST.scopes },
    })
  })

  it('comes with its public key wherever the server looks for it', async () => {
    const directory = folder()
    const keys = (name: string) => readFileSync(join(directory, name), 'utf8')
    await issueToken(REQUEST, {}, directory)
    const own = keys('.data/auth/jwks.json')
    expect(JSON.parse(own).keys).toEqual([expect.not.objectContaining({ d: expect.anything() })])
    await issueToken(REQUEST, { AUTH_JWKS_FILE: 'keys.json' }, directory)
    expect(keys('keys.json')).toBe(own)
    rmSync(join(directory, '.data/auth/jwks.json'))
    await issueToken(REQUEST, {}, directory)
    expect(keys('.data/auth/jwks.json')).toBe(own)
  })

  it('is not made when the server has keys of another issuer', async () => {
    const directory = folder()
    const others = JSON.stringify({ keys: [{ kty: 'OKP', kid: 'other' }] })
    writeFileSync(join(directory, 'others.json'), others)
    await expect(issueToken(REQUEST, { AUTH_JWKS_FILE: 'others.json' }, directory)).rejects.toThrow(
      'others.json',
    )
    expect(readFileSync(join(directory, 'others.json'), 'utf8')).toBe(others)
  })
})
