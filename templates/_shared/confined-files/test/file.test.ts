import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { BadFile, readBelow } from '#kit/files/file'

const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'files-file-')))
afterAll(() => rmSync(temporary, { recursive: true }))
const root = join(temporary, 'root')
mkdirSync(join(root, 'sub'), { recursive: true })
mkdirSync(join(temporary, 'outside'))
writeFileSync(join(temporary, 'outside', 'secret.md'), 'secret')
writeFileSync(join(root, 'a.md'), 'Grüße')
writeFileSync(join(root, 'sub', 'b.md'), 'b')

const { signal } = new AbortController()
const problem = (name: string, maxBytes = 100) =>
  readBelow(root, name, maxBytes, signal).then(
    () => 'no error',
    (error: unknown) => (error instanceof BadFile ? error.message : error),
  )

describe('a file below a folder', () => {
  it('is read, up to the limit', async () => {
    expect(String(await readBelow(root, 'a.md', 7, signal))).toBe('Grüße')
    expect(String(await readBelow(root, 'sub/b.md', 1, signal))).toBe('b')
    expect(await problem('a.md', 6)).toBe('larger than 0 MiB: split it')
  })

  it.each([
    '../outside/secret.md',
    'sub/../../outside/secret.md',
    '/etc/passwd',
    '',
    '.',
    'sub//b.md',
    './a.md',
    '..\\a.md',
  ])('has a name below it, which is not %j', async (name) => {
    expect(await problem(name)).toBe('not below the folder')
  })

  it('is not a file that was swapped in', { timeout: 2_000 }, async () => {
    symlinkSync(join(temporary, 'outside', 'secret.md'), join(root, 'link.md'))
    symlinkSync(join(temporary, 'outside'), join(root, 'folder'))
    linkSync(join(temporary, 'outside', 'secret.md'), join(root, 'hard.md'))
    execFileSync('mkfifo', [join(root, 'pipe.md')])
    expect(await problem('link.md')).toBe('a symbolic link, not followed')
    expect(await problem('folder/secret.md')).toBe(
      'has several hard links, one of which may belong elsewhere',
    )
    rmSync(join(root, 'hard.md'))
    expect(await problem('folder/secret.md')).toBe('reached through a symbolic link, not followed')
    expect(await problem('pipe.md')).toBe('not a regular file')
    expect(await problem('sub')).toBe('not a regular file')
    expect(await problem('missing.md')).toBe('no longer there')
    expect(await problem('a.md/b.md')).toBe('no longer there')
    expect(await problem('a\0.md')).toContain('cannot be read')
    expect(await problem(`${'x'.repeat(300)}.md`)).toBe('cannot be read (ENAMETOOLONG)')
  })

  it.skipIf(process.getuid?.() === 0)('that may not be read says so', async () => {
    writeFileSync(join(root, 'closed.md'), 'x')
    chmodSync(join(root, 'closed.md'), 0)
    expect(await problem('closed.md')).toContain('may not be read')
  })

  it('is not read after a stop', async () => {
    const stopped = new Error('Stopped')
    await expect(readBelow(root, 'a.md', 100, AbortSignal.abort(stopped))).rejects.toBe(stopped)
  })
})
