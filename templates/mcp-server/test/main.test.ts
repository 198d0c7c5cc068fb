import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { useProgram } from '#kit/testing/program'
import { notesFolder } from '../../../test/notes-folder.ts'

const program = useProgram()

it('shows what its search finds, in a folder or in one file', { timeout: 30_000 }, async () => {
  const notes = notesFolder({
    'backups.md': '# Backups\n\nBackups are kept for 35 days.',
    'reading.txt': 'Release It!, second edition.',
  })
  const inFolder = await program.start(['search', '--notes', notes, 'how', 'long', 'are', 'backups', 'kept'])
    .done
  expect(inFolder).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('backups.md > Backups'),
  })
  const inFile = await program.start(['search', '--notes', join(notes, 'reading.txt'), 'What is this about?'])
    .done
  expect(inFile).toMatchObject({ code: 0, stdout: expect.stringContaining('Release It!') })
})

it.each([
  [['sreve'], 'must be stdio, serve, search, connect, token'],
  [['search'], 'Search for something'],
  [['serve', 'x'], 'takes no "x"'],
  [['connect', '--http', 'ftp://x'], '--http takes an address'],
  [['token', '--hours', '0'], '--hours must be'],
  [['token', '--scope', 'all'], '--scope must be'],
  [['serve', '--notes', 'missing'], 'missing does not exist'],
])('%j is bad usage, said in a line', { timeout: 30_000 }, async (args, message) => {
  expect(await program.start(args).done).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(message),
  })
})

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
  [{ AUTH_JWKS_FILE: 'none.json' }, 'AUTH_JWKS_FILE cannot be read'],
])('does not serve with %j', { timeout: 30_000 }, async (env, message) => {
  const { done } = program.start(['serve', '--notes', notesFolder({ 'a.md': 'text' })], env)
  expect(await done).toMatchObject({ code: 2, stderr: expect.stringContaining(message) })
})

it('makes a token, with a key that only its owner can read', { timeout: 30_000 }, async () => {
  const first = await program.start(['token']).done
  const second = await program.start(['token', '--scope', 'notes:read', '--client', 'ci']).done
  expect([first.code, second.code]).toEqual([0, 0])
  const claims = JSON.parse(Buffer.from(second.stdout.split('.')[1] ?? '', 'base64url').toString())
  expect(claims).toMatchObject({
    iss: 'urn:notes:self',
    aud: 'http://127.0.0.1:8080/mcp',
    scope: 'notes:read',
    sub: 'ci',
  })
  expect(claims.exp - claims.iat).toBe(8 * 3600)
  expect(statSync(join(program.directory, '.data/auth/private-key.json')).mode & 0o777).toBe(0o600)
})

it('keeps the public key beside every token that it makes, where the server looks for it', {
  timeout: 30_000,
}, async () => {
  const keys = (name: string) => readFileSync(join(program.directory, name), 'utf8')
  await program.start(['token']).done
  const own = keys('.data/auth/jwks.json')
  expect(JSON.parse(own).keys).toEqual([expect.not.objectContaining({ d: expect.anything() })])
  await program.start(['token'], { AUTH_JWKS_FILE: 'keys.json' }).done
  expect(keys('keys.json')).toBe(own)
  rmSync(join(program.directory, '.data/auth/jwks.json'))
  await program.start(['token']).done
  expect(keys('.data/auth/jwks.json')).toBe(own)
})

it('makes no token that the keys of the server do not fit', { timeout: 30_000 }, async () => {
  const others = JSON.stringify({ keys: [{ kty: 'OKP', kid: 'other' }] })
  writeFileSync(join(program.directory, 'others.json'), others)
  const { code, stdout, stderr } = await program.start(['token'], { AUTH_JWKS_FILE: 'others.json' }).done
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain('others.json')
  expect(readFileSync(join(program.directory, 'others.json'), 'utf8')).toBe(others)
})
