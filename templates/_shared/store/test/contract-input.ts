import { expect, it } from 'vitest'
import { chunkOf, fill, idsOf, type Open, sample } from './samples.ts'

export function describeStrangeInput(open: Open): void {
  const strange = [
    `'; drop table rag_chunks; --`,
    `{"a","b\\`,
    '$1 $2 %s ?',
    'null',
    '\\x00\\u0000',
    'line\nbreak\ttab',
    '👩‍👩‍👧 ünï שלום e\u0301',
    '{}[],;"\'`',
  ]

  it.each(strange)('takes %j for text, wherever it stands', async (text) => {
    const name = `${text}.md`
    const given = sample(name, [text], { [text]: text })
    const chunk = {
      ...chunkOf(name, text, 0),
      headings: [text, text],
      terms: new Map([[text, 1]]),
      length: 1,
    }
    const store = await fill(open, [
      { document: { ...given.document, title: text, hash: text }, chunks: [chunk] },
    ])
    const [hit] = await store.lexical([text], { limit: 5, filter: { metadata: { [text]: text } } })
    expect(hit?.chunk).toMatchObject({
      id: chunk.id,
      document: name,
      text,
      headings: [text, text],
      metadata: { [text]: text },
    })
    expect((await store.statistics([text])).frequencies.get(text)).toBe(1)
    expect((await store.documents()).get(name)).toMatchObject({ title: text, hash: text })
    await store.removeDocuments([name])
    expect((await store.documents()).size).toBe(0)
  })

  it('drops NUL and halves of surrogate pairs, which no database keeps', async () => {
    const text = 'a\0b \ud800 end'
    const given = sample('a.md', [text], { note: text, ['k\0']: 1 })
    const store = await fill(open, [given])
    const [hit] = await store.lexical(['end'], { limit: 1 })
    expect(hit?.chunk.text).toBe('ab \ufffd end')
    expect(hit?.chunk.metadata).toEqual({ note: 'ab \ufffd end', k: 1 })
    expect(await store.lexical(['end'], { limit: 1, filter: { metadata: { note: text } } })).toEqual([hit])
  })

  it('takes a word of a megabyte, a text of a megabyte and a document of a thousand chunks', async () => {
    const word = 'x'.repeat(1_000_000)
    const many = Array.from({ length: 1_000 }, (_, index) => `piece ${index} of many`)
    const store = await fill(open, [
      sample('word.md', [word]),
      sample('text.md', ['and so on '.repeat(100_000)]),
      sample('many.md', many),
    ])
    expect(idsOf(await store.lexical([word], { limit: 2 }))).toEqual(['word.md#0000'])
    expect(idsOf(await store.lexical(['so'], { limit: 2 }))).toEqual(['text.md#0000'])
    expect(idsOf(await store.lexical(['777'], { limit: 2 }))).toEqual(['many.md#0777'])
    expect((await store.statistics(['piece'])).frequencies.get('piece')).toBe(1_000)
  })

  it('refuses a name that is too long for an index, in words', async () => {
    const store = await open()
    await expect(store.replaceDocuments([sample(`${'ä'.repeat(1_500)}.md`, ['word'])])).rejects.toThrow(
      /name of a document is longer than 2000 bytes/,
    )
  })
}
