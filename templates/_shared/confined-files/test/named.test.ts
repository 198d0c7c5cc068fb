import { execFileSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { BadFile } from '#kit/files/file'
import { createNamed, readNamed } from '#kit/files/named'

const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'files-named-')))
afterAll(() => rmSync(temporary, { recursive: true }))
const root = join(temporary, 'notes')
const outside = join(temporary, 'notes-sibling')
mkdirSync(join(root, 'sub/.hidden'), { recursive: true })
mkdirSync(join(root, 'node_modules/x'), { recursive: true })
mkdirSync(outside)
writeFileSync(join(outside, 'secret.md'), 'secret')
writeFileSync(join(root, 'good.md'), 'good')
writeFileSync(join(root, 'sub/deep.md'), 'deep')
writeFileSync(join(root, 'sub/.hidden/private.md'), 'secret')
writeFileSync(join(root, 'node_modules/x/readme.md'), 'secret')
writeFileSync(join(root, '.env'), 'secret')
writeFileSync(join(root, 'key.pem'), 'secret')
symlinkSync(join(outside, 'secret.md'), join(root, 'link.md'))
symlinkSync(outside, join(root, 'folder'))
symlinkSync(join(root, 'loop.md'), join(root, 'loop.md'))
linkSync(join(outside, 'secret.md'), join(root, 'hard.md'))
execFileSync('mkfifo', [join(root, 'pipe.md')])

const { signal } = new AbortController()
const rules = { extensions: ['.md'] }

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => 'no error',
    (error: unknown) => (error instanceof BadFile ? error.message : error),
  )
}

const read = (name: string) => readNamed(root, name, { ...rules, maxBytes: 1_000, signal })

/** File names that an attacker might try, each after its description. */
const WAYS_OUT = [
  ['..', '../notes-sibling/secret.md'],
  ['.. from within', 'sub/../../notes-sibling/secret.md'],
  ['.. that comes back', '../notes/good.md'],
  ['an absolute path', join(outside, 'secret.md')],
  ['the absolute path of its file', join(root, 'good.md')],
  ['a home directory', '~/secret.md'],
  ['/proc', '/proc/self/root/etc/hosts.md'],
  ['percent-encoding', '%2e%2e/notes-sibling/secret.md'],
  ['percent-encoding, twice', '%252e%252e%252fnotes-sibling%252fsecret.md'],
  ['a backslash', '..\\notes-sibling\\secret.md'],
  ['a NUL', 'good.md\0.md'],
  ['a line break', 'good\n.md'],
  ['a file URL', `file://${join(root, 'good.md')}`],
  ['a symbolic link', 'link.md'],
  ['a linked folder', 'folder/secret.md'],
  ['a link to itself', 'loop.md'],
  ['a hard link', 'hard.md'],
  ['a pipe', 'pipe.md'],
  ['a hidden file', '.env'],
  ['a hidden folder', 'sub/.hidden/private.md'],
  ['an installed package', 'node_modules/x/readme.md'],
  ['another kind of file', 'key.pem'],
  ['300 characters', `${'n'.repeat(300)}.md`],
  ['10,000 characters', `${'n/'.repeat(5_000)}n.md`],
  ['no name', ''],
  ['a dot', '.'],
  ['an empty part', 'sub//deep.md'],
] as const

describe('a name that a stranger has chosen', () => {
  it('reads a file of the folder', async () => {
    expect(String(await read('good.md'))).toBe('good')
    expect(String(await read('sub/deep.md'))).toBe('deep')
  })

  it.each(WAYS_OUT)('reads nothing by %s', { timeout: 2_000 }, async (_, name) => {
    expect(await refusal(read(name))).toMatch(/^(?!no error)[a-z]/)
  })

  it('gets a reason that names no place on this disk', async () => {
    for (const [, name] of WAYS_OUT) expect(await refusal(read(name))).not.toContain(temporary)
  })

  it('makes a new file, and the folders above it', async () => {
    await createNamed(root, 'new/of/today.md', 'Grüße', rules)
    expect(readFileSync(join(root, 'new/of/today.md'), 'utf8')).toBe('Grüße')
  })

  it.each(WAYS_OUT)('writes nothing by %s', { timeout: 2_000 }, async (_, name) => {
    const before = readdirSync(temporary, { recursive: true }).length
    // To a writer, these names are harmless: they create a new file in the folder.
    const isHarmless = name.startsWith('%') || name.startsWith('~')
    const why = await refusal(createNamed(root, name, 'mine', rules))
    if (isHarmless) return expect(why).toBe('no error')
    expect(why).toMatch(/^(?!no error)[a-z]/)
    expect(readFileSync(join(outside, 'secret.md'), 'utf8')).toBe('secret')
    expect(readdirSync(outside)).toEqual(['secret.md'])
    expect(readdirSync(temporary, { recursive: true })).toHaveLength(before)
  })

  it('writes over nothing that is there', async () => {
    expect(await refusal(createNamed(root, 'good.md', 'other', rules))).toBe(
      'already there, and not written over',
    )
    expect(readFileSync(join(root, 'good.md'), 'utf8')).toBe('good')
    expect(await refusal(createNamed(root, 'good.md/below.md', 'other', rules))).toBe(
      'good.md is a file, not a folder',
    )
  })

  it('leaves one file when two ask for the same name at once', async () => {
    const both = ['one', 'two'].map((text) => refusal(createNamed(root, 'both.md', text, rules)))
    expect((await Promise.all(both)).sort()).toEqual(['already there, and not written over', 'no error'])
    expect(['one', 'two']).toContain(readFileSync(join(root, 'both.md'), 'utf8'))
    expect(existsSync(join(root, 'both.md'))).toBe(true)
  })
})
