import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { setUpProgram } from '#kit/testing/program'
import { notesFolder } from '../../../../test/notes-folder.ts'

const program = setUpProgram()

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

// The other kinds of bad usage and of bad settings are in options.test.ts and auth.test.ts, without a process
// for each.
it.each([
  [['sreve'], {}, 'must be stdio, serve, search, connect, token'],
  [['serve', '--notes', 'missing'], {}, 'missing does not exist'],
  [['serve', '--notes', '.'], { HOST: '0.0.0.0' }, 'would not ask who they are'],
  [['serve', '--notes', '.'], { AUTH_JWKS_FILE: 'none.json' }, 'AUTH_JWKS_FILE cannot be read'],
])('%j with %j is bad usage, said in a line', { timeout: 30_000 }, async (args, env, message) => {
  expect(await program.start(args, env).done).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(message),
  })
})

it('makes a token, with a key that only its owner can read', { timeout: 30_000 }, async () => {
  const { code, stdout } = await program.start(['token', '--scope', 'notes:read', '--client', 'ci']).done
  const claims = JSON.parse(Buffer.from(stdout.split('.')[1] ?? '', 'base64url').toString())
  expect([code, claims.scope, claims.sub]).toEqual([0, 'notes:read', 'ci'])
  expect(statSync(join(program.directory, '.data/auth/private-key.json')).mode & 0o777).toBe(0o600)
})
