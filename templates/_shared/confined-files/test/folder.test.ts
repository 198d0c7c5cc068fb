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
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { InputError } from '#kit/console/errors'
import { type FoundFile, openFolder, type SkippedFile, type WalkOptions, walkFiles } from '#kit/files/folder'

const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'files-folder-')))
afterAll(() => rmSync(temporary, { recursive: true }))

const { signal } = new AbortController()
const options = { extensions: ['.md', '.txt'], signal }

function folder(name: string, files: Record<string, string>): string {
  const root = join(temporary, name)
  mkdirSync(root)
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), content)
  }
  return root
}

async function walk(path: string, more: Partial<WalkOptions> = {}): Promise<(FoundFile | SkippedFile)[]> {
  const found: (FoundFile | SkippedFile)[] = []
  for await (const file of walkFiles(await openFolder(path), { ...options, ...more })) found.push(file)
  return found
}

const linesOf = (found: readonly (FoundFile | SkippedFile)[]) =>
  found.map((file) => ('skipped' in file ? `${file.name}: ${file.skipped}` : file.name))

async function problem(path: string): Promise<unknown> {
  return await walk(path).then(
    () => 'no error',
    (error: unknown) =>
      error instanceof InputError && error.hint !== '' ? error.message.replace(`${temporary}/`, '') : error,
  )
}

describe('a folder', () => {
  it('is walked in one order, with names below it, sizes and times', async () => {
    const root = folder('plain', {
      'b.md': 'two',
      'a.TXT': 'one',
      'z/c.md': 'c',
      'b/d/e.md': 'e',
      'b/a.md': 'a',
      'x.png': '',
    })
    const found = await walk(root)
    expect(linesOf(found)).toEqual(['a.TXT', 'b.md', 'b/a.md', 'b/d/e.md', 'z/c.md'])
    expect(found[0]).toEqual({ name: 'a.TXT', bytes: 3, modified: expect.any(Number) })
    expect(await walk(root)).toEqual(found)
  })

  it('does not list what is hidden or installed', async () => {
    const root = folder('hidden', {
      '.git/a.md': '',
      '.b.md': '',
      'node_modules/x/c.md': '',
      'sub/node_modules/d.md': '',
      'e.md': '',
    })
    expect(linesOf(await walk(root))).toEqual(['e.md'])
  })

  it('says why something that looks like a document is left out, and follows no link', {
    timeout: 2_000,
  }, async () => {
    const outside = folder('outside', { 'secret.md': 'secret' })
    const root = folder('odd', { 'good.md': 'good' })
    symlinkSync(join(outside, 'secret.md'), join(root, 'link.md'))
    symlinkSync(outside, join(root, 'folder'))
    symlinkSync(root, join(root, 'loop'))
    symlinkSync(join(root, 'nowhere'), join(root, 'dangling.md'))
    linkSync(join(outside, 'secret.md'), join(root, 'hard.md'))
    execFileSync('mkfifo', [join(root, 'pipe.md')])
    expect(linesOf(await walk(root))).toEqual([
      'dangling.md: a symbolic link, not followed',
      'good.md',
      'hard.md: has several hard links, one of which may belong elsewhere',
      'link.md: a symbolic link, not followed',
      'pipe.md: not a regular file',
    ])
  })

  it('may be named by a link, and may be a single file of any kind', async () => {
    const root = folder('named', { 'a.md': '', 'notes.log': 'one' })
    symlinkSync(root, join(temporary, 'by-link'))
    expect(linesOf(await walk(join(temporary, 'by-link')))).toEqual(['a.md'])
    expect(await openFolder(join(root, 'notes.log'))).toEqual({ root, only: 'notes.log' })
    expect(linesOf(await walk(join(root, 'notes.log')))).toEqual(['notes.log'])
  })

  it('that is none is an error of the input, within two seconds', { timeout: 2_000 }, async () => {
    execFileSync('mkfifo', [join(temporary, 'pipe')])
    symlinkSync(join(temporary, 'circle'), join(temporary, 'circle'))
    expect(await problem(join(temporary, 'missing'))).toBe('missing does not exist')
    expect(await problem(join(temporary, 'pipe'))).toBe('pipe cannot be read: not a regular file')
    expect(await problem(join(temporary, 'circle'))).toBe(
      'circle is a symbolic link that leads back to itself',
    )
    expect(await problem('a\0b')).toContain('cannot be opened')
  })

  it.skipIf(process.getuid?.() === 0)('that may not be read is an error; one in it is listed', async () => {
    const root = folder('closed', { 'in/a.md': '', 'b.md': '' })
    chmodSync(join(root, 'in'), 0)
    expect(linesOf(await walk(root))).toEqual(['b.md', expect.stringContaining('in/: may not be read')])
    expect(await problem(join(root, 'in'))).toBe('closed/in may not be read')
    chmodSync(join(root, 'in'), 0o700)
  })

  it('with too much in it is refused before it is read to its end', async () => {
    const root = folder('crowd', Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`${n}.md`, ''])))
    expect(await walk(root, { maxEntries: 30 })).toHaveLength(30)
    await expect(walk(root, { maxEntries: 29 })).rejects.toThrow('more than 29 files')
  })

  it('looks files up one by one, on demand', async () => {
    const root = folder('lazy', { 'a.md': '', 'b.md': '', 'c/d.md': '' })
    const files = walkFiles(await openFolder(root), options)
    expect((await files.next()).value).toMatchObject({ name: 'a.md' })
    rmSync(join(root, 'b.md'))
    rmSync(join(root, 'c'), { recursive: true })
    symlinkSync(temporary, join(root, 'c'))
    expect((await files.next()).value).toEqual({ name: 'b.md', skipped: 'no longer there' })
    expect((await files.next()).value).toEqual({ name: 'c/', skipped: 'a symbolic link, not followed' })
    expect((await files.next()).done).toBe(true)
  })

  it('stops when it is told to', async () => {
    const root = folder('stopped', { 'a.md': '', 'b.md': '' })
    const controller = new AbortController()
    const files = walkFiles(await openFolder(root), { ...options, signal: controller.signal })
    await files.next()
    const stopped = new Error('Stopped')
    controller.abort(stopped)
    await expect(files.next()).rejects.toBe(stopped)
  })
})
