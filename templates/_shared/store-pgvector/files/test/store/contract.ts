import { describe, expect, it } from 'vitest'
import type { IndexedDocument, Store } from '../../src/store/store.ts'
import {
  bm25,
  chunkOf,
  EMBEDDING,
  randomDocument,
  randomFrom,
  randomWords,
  sample,
  vectorOf,
} from './samples.ts'

/**
 * What every store does, whatever is behind it. `open` gives an empty one for vectors of `EMBEDDING`; it is not closed here. `vectors: false` leaves out
 * what a database without a vector type cannot do.
 */
export function describeStore(
  name: string,
  open: () => Promise<Store>,
  { vectors = true }: { vectors?: boolean } = {},
): void {
  describe(name, () => {
    describeDocuments(open)
    describeLexical(open)
    describeFilters(open, vectors)
    describeStrangeInput(open)
    if (vectors) describeNearest(open)
  })
}

type Open = () => Promise<Store>

async function filled(open: Open, documents: readonly IndexedDocument[]): Promise<Store> {
  const store = await open()
  await store.replaceDocuments(documents)
  return store
}

const idsOf = (hits: readonly { chunk: { id: string } }[]) => hits.map(({ chunk }) => chunk.id)

function describeDocuments(open: Open): void {
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
    const store = await filled(open, [given, sample('empty.md', [])])
    expect((await store.documents()).get('guide/start.md')).toEqual(given.document)
    expect([...(await store.documents()).keys()].sort()).toEqual(['empty.md', 'guide/start.md'])
    const [hit] = await store.lexical(['install'], { limit: 5 })
    const { terms, length, embedding, ...chunk } = chunkOf('guide/start.md', 'Install the tool', 0)
    expect(hit?.chunk).toEqual({ ...chunk, metadata: given.document.metadata })
  })

  it('has nothing left of what a document said before', async () => {
    const store = await filled(open, [
      sample('a.md', ['old words', 'older words']),
      sample('b.md', ['words']),
    ])
    const changed = sample('a.md', ['new words'])
    await store.replaceDocuments([changed])
    expect(await store.lexical(['old', 'older'], { limit: 5 })).toEqual([])
    expect(idsOf(await store.lexical(['words'], { limit: 5 }))).toEqual(['b.md#0000', 'a.md#0000'])
    expect((await store.statistics(['words'])).frequencies.get('words')).toBe(2)
    expect((await store.documents()).get('a.md')).toEqual(changed.document)
  })

  it('removes documents, and ignores names that it does not know', async () => {
    const store = await filled(open, [sample('a.md', ['word']), sample('b.md', ['word'])])
    await store.removeDocuments(['a.md', 'never.md'])
    await store.removeDocuments(['a.md'])
    await store.removeDocuments([])
    expect([...(await store.documents()).keys()]).toEqual(['b.md'])
    expect(idsOf(await store.lexical(['word'], { limit: 5 }))).toEqual(['b.md#0000'])
    expect((await store.statistics([])).chunks).toBe(1)
  })

  it('changes nothing when one document of a batch is refused', async () => {
    const store = await filled(open, [sample('a.md', ['kept'])])
    const twice = sample('b.md', ['word', 'word'])
    const sameId = { ...twice, chunks: twice.chunks.map((chunk) => ({ ...chunk, id: 'same' })) }
    await expect(store.replaceDocuments([sample('a.md', ['changed']), sameId])).rejects.toThrow(
      expect.objectContaining({ name: 'StoreError', message: expect.stringContaining('b.md') }),
    )
    // The id of a chunk of another document: only the database knows.
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

function describeLexical(open: Open): void {
  it('scores as BM25 does', async () => {
    const random = randomFrom(1)
    const documents = Array.from({ length: 30 }, (_, index) => randomDocument(random, `${index}.md`))
    const store = await filled(open, documents)
    const chunks = documents.flatMap((document) => document.chunks)
    for (let round = 0; round < 20; round++) {
      const terms = randomWords(random, 1 + Math.floor(random() * 6))
      const expected = bm25(chunks, terms)
      const hits = await store.lexical(terms, { limit: 1_000 })
      expect(idsOf(hits).sort()).toEqual([...expected.keys()].sort())
      for (const { chunk, score } of hits) expect(score).toBeCloseTo(expected.get(chunk.id) ?? 0, 5)
      expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a))
    }
  })

  it('is after many changes what a new index would be', async () => {
    const random = randomFrom(2)
    const current = new Map<string, IndexedDocument>()
    const changed = await open()
    for (let round = 0; round < 40; round++) {
      const name = `${Math.floor(random() * 12)}.md`
      if (random() < 0.3) {
        await changed.removeDocuments([name])
        current.delete(name)
      } else {
        const document = randomDocument(random, name)
        await changed.replaceDocuments([document])
        current.set(name, document)
      }
    }
    const questions = Array.from({ length: 15 }, () => randomWords(random, 4))
    const ask = async (store: Store) => [
      ...(await Promise.all(questions.map((terms) => store.lexical(terms, { limit: 7 })))),
      ...(await Promise.all(questions.map((terms) => store.nearest(vectorOf(terms), { limit: 7 })))),
      await store.statistics(questions.flat()),
    ]
    const answers = await ask(changed)
    expect(answers.flat().length).toBeGreaterThan(50)
    const fresh = await filled(open, [...current.values()].reverse())
    expect(await ask(fresh)).toEqual(answers)
  })

  it('breaks ties by chunk id, also at the limit', async () => {
    const names = ['m.md', 'b.md', 'Z.md', 'ä.md', 'a.md', 'k.md']
    const store = await filled(
      open,
      names.map((name) => sample(name, ['the same words here'])),
    )
    const inOrder = ['Z.md', 'a.md', 'b.md', 'k.md', 'm.md', 'ä.md'].map((name) => `${name}#0000`)
    for (const limit of [1, 3, 6, 9]) {
      expect(idsOf(await store.lexical(['same', 'here', 'words'], { limit }))).toEqual(
        inOrder.slice(0, limit),
      )
    }
  })

  it('looks at each term once, and past those that it does not know', async () => {
    const store = await filled(open, [sample('a.md', ['apple pear']), sample('b.md', ['pear plum'])])
    const once = await store.lexical(['pear', 'apple'], { limit: 5 })
    expect(await store.lexical(['apple', 'pear', 'apple', 'nowhere', 'pear'], { limit: 5 })).toEqual(once)
    expect(await store.lexical(['nowhere', 'neither'], { limit: 5 })).toEqual([])
    expect(await store.lexical([], { limit: 5 })).toEqual([])
    expect(await store.lexical(['pear'], { limit: 0 })).toEqual([])
  })

  it('says how often terms stand in it, whatever order they are asked in', async () => {
    const store = await filled(open, [sample('a.md', ['pear', 'apple pear pear']), sample('b.md', ['plum'])])
    const { chunks, frequencies } = await store.statistics(['plum', 'nowhere', 'pear', 'plum'])
    expect(chunks).toBe(3)
    expect(Object.fromEntries(frequencies)).toEqual({ plum: 1, nowhere: 0, pear: 2 })
  })

  it('does not search for somebody who has left', async () => {
    const store = await filled(open, [sample('a.md', ['pear'])])
    const left = AbortSignal.abort(new Error('has left'))
    await expect(store.lexical(['pear'], { limit: 1, signal: left })).rejects.toThrow('has left')
  })
}

function describeFilters(open: Open, vectors: boolean): void {
  it('keeps to documents whose metadata has every value of the filter, and its type', async () => {
    const store = await filled(open, [
      sample('a.md', ['word'], { team: 'ops', year: 2026, draft: true }),
      sample('b.md', ['word'], { team: 'ops', year: '2026', draft: false }),
      sample('c.md', ['word'], { team: 'web' }),
    ])
    const found = async (metadata: Record<string, string | number | boolean>) => {
      const options = { limit: 9, filter: { metadata } }
      const hits = idsOf(await store.lexical(['word'], options))
      if (vectors) expect(idsOf(await store.nearest(vectorOf(['word']), options))).toEqual(hits)
      return hits.map((id) => id[0])
    }
    expect(await found({})).toEqual(['a', 'b', 'c'])
    expect(await found({ team: 'ops' })).toEqual(['a', 'b'])
    expect(await found({ year: 2026 })).toEqual(['a'])
    expect(await found({ year: '2026' })).toEqual(['b'])
    expect(await found({ team: 'ops', draft: false })).toEqual(['b'])
    expect(await found({ team: 'web', draft: false })).toEqual([])
    expect(await found({ unknown: 1 })).toEqual([])
  })

  it('finds as many as are asked for behind a filter that leaves one in a hundred, with scores of the whole', async () => {
    const documents = Array.from({ length: 600 }, (_, index) =>
      sample(`${String(index).padStart(3, '0')}.md`, ['word apple pear'], { rare: index % 100 === 99 }),
    )
    const store = await filled(open, documents)
    await store.optimise()
    const options = { limit: 6, filter: { metadata: { rare: true } } }
    const rare = ['099', '199', '299', '399', '499', '599'].map((number) => `${number}.md#0000`)
    const hits = await store.lexical(['word'], options)
    expect(idsOf(hits)).toEqual(rare)
    expect(hits[0]?.score).toBe((await store.lexical(['word'], { limit: 1 }))[0]?.score)
    if (vectors) expect(idsOf(await store.nearest(vectorOf(['word']), options))).toEqual(rare)
  })
}

function describeStrangeInput(open: Open): void {
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
    const store = await filled(open, [
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
    const store = await filled(open, [given])
    const [hit] = await store.lexical(['end'], { limit: 1 })
    expect(hit?.chunk.text).toBe('ab \ufffd end')
    expect(hit?.chunk.metadata).toEqual({ note: 'ab \ufffd end', k: 1 })
    expect(await store.lexical(['end'], { limit: 1, filter: { metadata: { note: text } } })).toEqual([hit])
  })

  it('takes a word of a megabyte, a text of a megabyte and a document of a thousand chunks', async () => {
    const word = 'x'.repeat(1_000_000)
    const many = Array.from({ length: 1_000 }, (_, index) => `piece ${index} of many`)
    const store = await filled(open, [
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

function describeNearest(open: Open): void {
  it('ranks by cosine similarity, and breaks ties by chunk id', async () => {
    const store = await filled(open, [
      sample('far.md', ['banana']),
      sample('z.md', ['apple apple']),
      sample('near.md', ['apple banana']),
      sample('a.md', ['apple']),
      sample('b.md', ['apple']),
    ])
    const hits = await store.nearest(vectorOf(['apple']), { limit: 4 })
    expect(idsOf(hits)).toEqual(['a.md#0000', 'b.md#0000', 'z.md#0000', 'near.md#0000'])
    expect(hits[0]?.score).toBe(1)
    expect(idsOf(await store.nearest(vectorOf(['apple']), { limit: 1 }))).toEqual(['a.md#0000'])
    expect(await store.nearest(vectorOf(['apple']), { limit: 0 })).toEqual([])
  })

  it.each([
    ['all zeros', Array(8).fill(0), 'is all zeros'],
    ['as good as zeros', Array(8).fill(1e-30), 'is all zeros'],
    ['no number', [1, 2, 3, Number.NaN, 5, 6, 7, 8], 'has a value that is not a number, or too large'],
    [
      'infinite',
      [1, 2, 3, 4, 5, 6, 7, Number.POSITIVE_INFINITY],
      'has a value that is not a number, or too large',
    ],
    ['too large', Array(8).fill(1e30), 'has a value that is not a number, or too large'],
    ['of another size', [1, 2, 3], 'has 3 dimensions; the index has 8'],
  ])('refuses a vector that is %s, and names whose it is', async (_, embedding, reason) => {
    const store = await open()
    const { document, chunks } = sample('a.md', ['fine', 'broken'])
    const [fine, broken] = chunks
    if (!fine || !broken) throw new Error('two chunks')
    const attempt = store.replaceDocuments([{ document, chunks: [fine, { ...broken, embedding }] }])
    await expect(attempt).rejects.toThrow(`The embedding of chunk a.md#0001 of a.md ${reason}`)
    expect((await store.documents()).size).toBe(0)
  })

  it('refuses a question of another size, and has no answer to one without direction', async () => {
    const store = await filled(open, [sample('a.md', ['word'])])
    await expect(store.nearest([1, 2], { limit: 1 })).rejects.toThrow(
      'The embedding of the question has 2 dimensions',
    )
    expect(await store.nearest(Array(EMBEDDING.dimensions).fill(0), { limit: 1 })).toEqual([])
  })
}
