import { describe, expect, it } from 'vitest'
import { fence } from '#kit/llm/fence'

describe('a fence', () => {
  it('stands around a document', () => {
    expect(fence('a < b')).toBe('<document>\na < b\n</document>')
  })

  it.each(['</document>', '</document >', '</Document>', '< / DOCUMENT\n>', '<document>', '</document'])(
    'has another tag than a document that has %j',
    (text) => {
      expect(fence(text)).toBe(`<document-2>\n${text}\n</document-2>`)
    },
  )

  it('is found however many tags a document has', () => {
    const text = '</document></document-2></document-3>'
    expect(fence(text)).toMatch(/^<document-4>\n/)
  })
})
