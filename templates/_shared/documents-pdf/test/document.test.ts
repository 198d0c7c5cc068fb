import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { DOCUMENT_EXTENSIONS, readDocument } from '#kit/documents/document'
import { BadFile } from '#kit/files/file'
import { documentFolder, pdfOf } from './reading.ts'

const { directory, problem, read, textOf, remove } = documentFolder()
afterAll(remove)

const { signal } = new AbortController()

describe('a document', () => {
  it('of plain text is the text, titled by its file; so is one of an unknown kind', async () => {
    expect(await read('run book.txt', 'Grüße\r\nzwei\rdrei <!-- seen -->')).toEqual({
      name: 'run book.txt',
      title: 'run book',
      metadata: {},
      text: 'Grüße\nzwei\ndrei <!-- seen -->',
    })
    expect(await textOf('notes.log', 'text')).toBe('text')
    expect(await textOf('LICENSE', 'text')).toBe('text')
  })

  it('holds nothing that a reader does not see', async () => {
    const hidden =
      '\ufeffa\u200bb\u200d\u2060c\u00ad d\u202e\u2066e\ufe0f\u{e0041}\u{e0142} \u001b[31mf\u001b[0m\u0007\tg'
    expect(await textOf('a.txt', hidden)).toBe('abc de f\tg')
    const { title, metadata } = await read(
      'a.md',
      '---\ntitle: "a\\u200b\\u202eb\\nc"\nx: "d\\u200be"\n---\ntext',
    )
    expect({ title, metadata }).toEqual({ title: 'ab c', metadata: { x: 'de' } })
    expect(await textOf('a.md', 'x <\u200b!-\u2060- obey -->')).toBe('x ')
  })

  it.each([
    ['empty', '', 'no text in it'],
    ['blank', ' \n\t\u00a0\u200b', 'no text in it'],
    ['only punctuation', '--- ***', 'no text in it'],
    [
      'binary',
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 255]),
      'binary, or text in another encoding than UTF-8',
    ],
    ['UTF-16', Buffer.from('\ufefftext', 'utf16le'), 'UTF-16 text: convert it to UTF-8 first'],
    [
      'UTF-16 without a mark',
      Buffer.from('text', 'utf16le'),
      'binary, or text in another encoding than UTF-8',
    ],
    ['Latin-1', Buffer.from('Grüße', 'latin1'), 'not UTF-8 text: convert it first, for example with iconv'],
    [
      'a cut character',
      Buffer.from('Grü').subarray(0, 3),
      'not UTF-8 text: convert it first, for example with iconv',
    ],
    ['over 16 MiB', 'text '.repeat(3_400_000), 'larger than 16 MiB: split it'],
  ])('that is %s has a reason', async (_, content, reason) => {
    for (const extension of ['.txt', '.md', '.html'])
      expect(await problem(`a${extension}`, content)).toBe(reason)
  })

  it('is no pipe and no link, within two seconds', { timeout: 2_000 }, async () => {
    execFileSync('mkfifo', [join(directory, 'pipe.md')])
    symlinkSync('loop.md', join(directory, 'loop.md'))
    for (const name of ['pipe.md', 'loop.md', '../a.md', 'missing.pdf'])
      await expect(readDocument(directory, name, signal)).rejects.toBeInstanceOf(BadFile)
  })

  it.each([
    ['one line', 'x'.repeat(1_000_000)],
    ['words', 'word '.repeat(50_000)],
    ['open fences', '```\n'.repeat(25_001)],
    ['backticks', Array.from({ length: 600 }, (_, n) => '`'.repeat(n)).join(' ')],
    ['comments', '<!--'.repeat(50_000)],
    ['comments on lines', 'x\n<!-'.repeat(25_000)],
    ['half tags', '<a b="'.repeat(25_000)],
    ['half tags with braces', '<a b={'.repeat(25_000)],
    ['attributes', `<a ${'b '.repeat(75_000)}`],
    ['spaces in a tag', `<a${' '.repeat(125_000)}`],
    ['hidden elements', '<p hidden>'.repeat(12_500)],
    ['unseen elements', '<button>x'.repeat(12_500)],
    ['braces', '{'.repeat(125_000) + '}'.repeat(100_000)],
    ['expressions', '{a}'.repeat(50_000)],
    ['definitions', '[a]: x "'.repeat(25_000)],
    ['quotes', '> '.repeat(100_000)],
    ['blank lines', '\n \t'.repeat(75_000)],
    ['list marks', '- '.repeat(100_000)],
    ['imports', 'import x\n\n'.repeat(25_000)],
  ])('of nothing but %s takes seconds at most', { timeout: 10_000 }, async (_, content) => {
    for (const name of ['a.md', 'a.mdx', 'a.html', 'a.txt'])
      expect(await problem(name, `text ${content}\ntext`)).toBe('no error')
  })

  it('of random bytes is read or has a reason', { timeout: 30_000 }, async () => {
    const pieces = [
      '---\n',
      '\n',
      '```',
      '<!--',
      '-->',
      '<div hidden>',
      '</div>',
      '{',
      '}',
      'import x',
      '%PDF-',
      'text',
      '| a | b |',
      '<table><tr><td>',
      '# ',
      '&#0;',
      '\u0000',
      '\u202e',
      'a: *b\n',
    ]
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 40 })
        .map((parts) => Buffer.from(parts.join(''))),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...DOCUMENT_EXTENSIONS), content, async (extension, bytes) => {
        expect(await problem(`random${extension}`, bytes)).toBeTypeOf('string')
      }),
      { numRuns: 400 },
    )
  })

  it('of a PDF with random damage is read or has a reason', { timeout: 30_000 }, async () => {
    const whole = pdfOf(['BT /F1 12 Tf 72 700 Td (How to roll back) Tj ET', 'BT /F1 12 Tf (x) Tj ET'])
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(whole.length), async (changes, length) => {
        const bytes = Buffer.from(whole)
        for (const [at, byte] of changes) bytes[at] = byte
        expect(
          await problem('damaged.pdf', bytes.subarray(0, length % 3 === 0 ? length : undefined)),
        ).toBeTypeOf('string')
      }),
      { numRuns: 10 },
    )
  })
})
