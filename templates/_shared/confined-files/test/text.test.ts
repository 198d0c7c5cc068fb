import { describe, expect, it } from 'vitest'
import { BadFile } from '#kit/files/file'
import { decodeText, stripInvisible } from '#kit/files/text'

const problem = (bytes: Buffer) => {
  try {
    return `no error: ${decodeText(bytes)}`
  } catch (error) {
    return error instanceof BadFile ? error.message : error
  }
}

describe('the text of a file', () => {
  it('is UTF-8, without its byte order mark and with one kind of line end', () => {
    expect(decodeText(Buffer.from('\ufeffGrüße\r\nan\ralle\n'))).toBe('Grüße\nan\nalle\n')
  })

  it('is what a person sees: nothing invisible, no colours', () => {
    expect(stripInvisible('a\u200bb\u{e0041}\u202e \u001b[31mred\u001b[0m\tc\ud800')).toBe('ab red\tc')
  })

  it.each([
    ['a binary file', Buffer.from([0, 1, 2, 255]), 'binary, or text in another encoding than UTF-8'],
    ['zeros', Buffer.alloc(64), 'binary, or text in another encoding than UTF-8'],
    ['UTF-16', Buffer.from('\ufefftext', 'utf16le'), 'UTF-16 text: convert it to UTF-8 first'],
    ['Latin-1', Buffer.from('Grüße', 'latin1'), 'not UTF-8 text: convert it first, for example with iconv'],
  ])('is none in %s', (_, bytes, message) => {
    expect(problem(bytes)).toBe(message)
  })
})
