import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, describe, expect, it } from 'vitest'
import { readShownDocuments } from '#kit/documents/inputs'
import { suggestConverter, UnreadCount } from '#kit/documents/unread'
import { documentFolder } from './reading.ts'

const { directory, remove } = documentFolder()
afterAll(remove)

async function readInput(name: string, content: string): Promise<string> {
  writeFileSync(join(directory, name), content)
  const [document] = await readShownDocuments([join(directory, name)], Readable.from([]))
  return document?.text ?? ''
}

const MAIL =
  'Message-ID: <1@example.org>\r\nFrom: a@example.org\r\nSubject: Keys\r\n\r\nThe keys are caf=C3=A9 keys.\r\n'
const PAGE = '<!doctype html><title>Kitchen</title><nav>menu</nav><p>Tea &amp; cake</p>'

describe('a document that a program is given', () => {
  it('is what its reader sees, if it is HTML, mail or subtitles, whatever its name', async () => {
    expect(await readInput('a.html', PAGE)).toBe('# Kitchen\n\nTea & cake')
    expect(await readInput('page.txt', PAGE)).toBe('# Kitchen\n\nTea & cake')
    expect(await readInput('a.vtt', 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello there')).toBe('Hello there')
    expect(await readInput('talk.txt', '1\n00:00:01,000 --> 00:00:02,000\nHello again\n')).toBe('Hello again')
    const [piped] = await readShownDocuments(['-'], Readable.from([Buffer.from(MAIL)]))
    expect(piped?.text).toMatch(/^From: a@example.org\nSubject: Keys\n\nThe keys/)
  })

  it('is as it is written, if it is text', async () => {
    for (const text of ['# A <b>title</b>\n', 'From: x\nno mail', 'a,b\n1,2\n', 'less < more & so on'])
      for (const name of ['a.md', 'b.txt', 'c.csv', 'd.log']) expect(await readInput(name, text)).toBe(text)
  })

  it('names a converter, if its format is not read', async () => {
    await expect(readInput('a b.docx', 'x')).rejects.toThrow('a format that is not read here')
    await expect(readInput('notes.txt', '{\\rtf1 text}')).rejects.toThrow('a format that is not read here')
    expect(suggestConverter('in/a b.docx')).toBe("pandoc 'in/a b.docx' -t gfm -o 'in/a b.md'")
    expect(suggestConverter('a.pdf')).toBe('pdftotext -layout a.pdf a.txt')
    expect(suggestConverter('a.md')).toBeUndefined()
  })
})

describe('the count of what is not read', () => {
  it('is one line, most frequent kind first, that names converters', () => {
    const count = new UnreadCount()
    expect(count.format()).toBeUndefined()
    for (const name of ['a.json', 'x/b.docx', 'c.DOCX', 'Makefile']) count.add(name, 'file')
    count.add('more', 'linked folder')
    expect(count.format()).toBe(
      'not read: 2 .docx, 1 .json, 1 without an ending, 1 linked folder (pandoc converts .docx)',
    )
    for (let ending = 0; ending < 20; ending++) count.add(`a.x${ending}`, 'file')
    expect(count.format()).toMatch(/, 16 others \(/)
  })
})
