import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ToolSet } from 'ai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '#kit/console/errors'
import { readNotes } from '#kit/notes/folder'
import { NotesIndex } from '../../../src/search.ts'
import { createNoteReader } from '../../../src/tools.ts'

const base = mkdtempSync(join(tmpdir(), 'notes-'))
const root = join(base, 'notes')
const { signal } = new AbortController()
const SECRET = 'The secret stands outside of the notes folder.'

beforeAll(() => {
  mkdirSync(join(root, 'sub/.hidden'), { recursive: true })
  mkdirSync(join(base, 'notes-sibling'))
  const outside = join(base, 'notes-sibling/secret.md')
  writeFileSync(outside, SECRET)
  writeFileSync(join(root, 'good.md'), '# Good\n\nA note that may be read.')
  writeFileSync(join(root, 'sub/deeper.txt'), 'Another note that may be read.')
  writeFileSync(join(root, 'sub/.hidden/private.md'), SECRET)
  writeFileSync(join(root, 'binary.md'), Buffer.from([0, 1, 2, 255]))
  writeFileSync(join(root, 'empty.md'), '')
  writeFileSync(join(root, 'script.js'), 'not a note')
  symlinkSync(outside, join(root, 'link.md'))
  symlinkSync(join(base, 'notes-sibling'), join(root, 'linked-folder'))
  symlinkSync(join(root, 'loop.md'), join(root, 'loop.md'))
  linkSync(outside, join(root, 'hard.md'))
  execFileSync('mkfifo', [join(root, 'pipe.md')])
})
afterAll(() => rmSync(base, { recursive: true }))

describe('a notes folder', () => {
  it('is read without what only looks like a note, and says what was left out and why', {
    timeout: 2_000,
  }, async () => {
    const { notes, skipped, unread } = await readNotes(root, signal)
    expect(unread).toBe('not read: 1 .js, 1 linked folder')
    expect(notes.map(({ name }) => name)).toEqual(['good.md', 'sub/deeper.txt'])
    expect(skipped).toEqual([
      'binary.md: binary, or text in another encoding than UTF-8',
      'empty.md: no text in it',
      'hard.md: has several hard links, one of which may belong elsewhere',
      'link.md: a symbolic link, not followed',
      'loop.md: a symbolic link, not followed',
      'pipe.md: not a regular file',
    ])
    expect(JSON.stringify(notes)).not.toContain('secret')
  })

  it('may be a single note', async () => {
    const { notes } = await readNotes(join(root, 'good.md'), signal)
    expect(notes.map(({ name }) => name)).toEqual(['good.md'])
  })

  it.each([
    ['missing', 'missing'],
    ['a folder without notes', 'sub/.hidden/..hidden'],
    ['a pipe', 'pipe.md'],
    ['a NUL', 'good.md\0.txt'],
    ['300 characters', 'n'.repeat(300)],
    ['percent-encoded', '%2e%2e/notes-sibling'],
    ['a home directory that no shell expanded', '~/notes'],
  ])('that is %s is refused within two seconds', { timeout: 2_000 }, async (_, path) => {
    await expect(readNotes(join(root, path), signal)).rejects.toThrow(InputError)
  })

  it('that holds no note at all is refused, not answered from', async () => {
    mkdirSync(join(base, 'none'))
    writeFileSync(join(base, 'none/a.js'), 'code')
    await expect(readNotes(join(base, 'none'), signal)).rejects.toThrow('holds no notes')
    await expect(readNotes('/dev/zero', signal)).rejects.toThrow(InputError)
    await expect(readNotes('-', signal)).rejects.toThrow(InputError)
  })
})

describe('the tool that reads a note for a model, given a file name,', () => {
  const read = async (tools: ToolSet, name: string) =>
    String(await tools['read_note']?.execute?.({ name }, { toolCallId: '1', messages: [] }))

  it.each([
    ['..', '../notes-sibling/secret.md'],
    ['.. from within', 'sub/../../notes-sibling/secret.md'],
    ['a sibling with the same beginning', '../notes-sibling/secret.md'],
    ['a symbolic link', 'link.md'],
    ['a linked folder', 'linked-folder/secret.md'],
    ['a link to itself', 'loop.md'],
    ['a hard link', 'hard.md'],
    ['NUL', 'good.md\0'],
    ['percent-encoding', '%2e%2e/notes-sibling/secret.md'],
    ['an absolute path', '/etc/passwd'],
    ['an absolute path of a note', join(root, 'good.md')],
    ['a home directory', '~/.ssh/id_rsa'],
    ['/proc', '/proc/self/environ'],
    ['a pipe', 'pipe.md'],
    ['another case', 'GOOD.md'],
    ['300 characters', 'n'.repeat(300)],
    ['a hidden folder', 'sub/.hidden/private.md'],
    ['a backslash', 'sub\\deeper.txt'],
    ['a file URL', `file://${join(root, 'good.md')}`],
    ['no name', ''],
  ])('refuses %s', { timeout: 2_000 }, async (_, name) => {
    const { notes } = await readNotes(root, signal)
    const reader = createNoteReader(notes, 1_000)
    expect(await read(reader.set, name)).toBe('There is no note of that name.')
    expect(reader.read.size).toBe(0)
  })
})

it('a line of a megabyte becomes sections of at most 256 tokens, and nothing is lost', () => {
  const line = 'word '.repeat(200_000)
  const { sections } = new NotesIndex([{ name: 'line.md', text: line }])
  expect(Math.max(...sections.map(({ tokens }) => tokens))).toBeLessThanOrEqual(256)
  expect(sections.map(({ text }) => text).join(' ')).toBe(line.trim())
})
