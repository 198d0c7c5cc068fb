import { expect, it } from 'vitest'
import { chunkOf, fill, idsOf, type Open, sample, vectorOf } from './samples.ts'

export function describeChanges(open: Open): void {
  it('is empty at first, and has no answer to anything', async () => {
    const store = await open()
    expect([...(await store.documents())]).toEqual([])
    expect(await store.lexical(['word'], { limit: 5 })).toEqual([])
    expect(await store.nearest(vectorOf(['word']), { limit: 5 })).toEqual([])
    expect(await store.statistics(['word'])).toEqual({ chunks: 0, frequencies: new Map([['word', 0]]) })
  })

  it('gives documents and chunks back as they were', async () => {
    const given = sample('guide/start.md', ['Install the tool', 'Run the tool'], {
      kind: 'guide',
      year: 2026,
      draft: false,
    })
    const store = await fill(open, [given, sample('empty.md', [])])
    expect((await store.documents()).get('guide/start.md')).toEqual(given.document)
    expect([...(await store.documents()).keys()].sort()).toEqual(['empty.md', 'guide/start.md'])
    const [hit] = await store.lexical(['install'], { limit: 5 })
    const { terms, length, embedding, ...chunk } = chunkOf('guide/start.md', 'Install the tool', 0)
    expect(hit?.chunk).toEqual({ ...chunk, metadata: given.document.metadata })
  })

  it('has nothing left of what a document said before', async () => {
    const store = await fill(open, [sample('a.md', ['old words', 'older words']), sample('b.md', ['words'])])
    const changed = sample('a.md', ['new words'])
    await store.replaceDocuments([changed])
    expect(await store.lexical(['old', 'older'], { limit: 5 })).toEqual([])
    expect(idsOf(await store.lexical(['words'], { limit: 5 }))).toEqual(['b.md#0000', 'a.md#0000'])
    expect((await store.statistics(['words'])).frequencies.get('words')).toBe(2)
    expect((await store.documents()).get('a.md')).toEqual(changed.document)
  })

  it('removes documents, and ignores names that it does not know', async () => {
    const store = await fill(open, [sample('a.md', ['word']), sample('b.md', ['word'])])
    await store.removeDocuments(['a.md', 'never.md'])
    await store.removeDocuments(['a.md'])
    await store.removeDocuments([])
    expect([...(await store.documents()).keys()]).toEqual(['b.md'])
    expect(idsOf(await store.lexical(['word'], { limit: 5 }))).toEqual(['b.md#0000'])
    expect((await store.statistics([])).chunks).toBe(1)
  })

  it('changes nothing when one document of a batch is refused', async () => {
    const store = await fill(open, [sample('a.md', ['kept'])])
    const twice = sample('b.md', ['word', 'word'])
    const sameId = { ...twice, chunks: twice.chunks.map((chunk) => ({ ...chunk, id: 'same' })) }
    await expect(store.replaceDocuments([sample('a.md', ['changed']), sameId])).rejects.toThrow(
      expect.objectContaining({ name: 'StoreError', message: expect.stringContaining('b.md') }),
    )
    // A chunk id of another document: only the database can detect that.
    const stolen = {
      ...twice,
      chunks: twice.chunks.map((chunk) => ({ ...chunk, id: `a.md#000${chunk.ordinal}` })),
    }
    await expect(store.replaceDocuments([stolen])).rejects.toThrow(
      expect.objectContaining({ name: 'StoreError' }),
    )
    expect([...(await store.documents()).keys()]).toEqual(['a.md'])
    expect(idsOf(await store.lexical(['kept'], { limit: 5 }))).toEqual(['a.md#0000'])
  })

  it('stays right when the same document is replaced by several at once', async () => {
    const store = await open()
    const versions = Array.from({ length: 6 }, (_, index) =>
      sample('a.md', Array(index + 1).fill('same word')),
    )
    await Promise.all(versions.map((version) => store.replaceDocuments([version])))
    const { chunks, frequencies } = await store.statistics(['word'])
    expect(frequencies.get('word')).toBe(chunks)
    expect(await store.lexical(['word'], { limit: 10 })).toHaveLength(chunks)
  })
}
