import { expect, it } from 'vitest'
import type { IndexedDocument, Store } from '#kit/store/store'
import {
  bm25,
  EMBEDDING,
  fill,
  idsOf,
  type Open,
  randomDocument,
  randomFrom,
  randomWords,
  sample,
  vectorOf,
} from './samples.ts'

export function describeLexical(open: Open): void {
  it('scores as BM25 does', async () => {
    const random = randomFrom(1)
    const documents = Array.from({ length: 30 }, (_, index) => randomDocument(random, `${index}.md`))
    const store = await fill(open, documents)
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
    const fresh = await fill(open, [...current.values()].reverse())
    expect(await ask(fresh)).toEqual(answers)
  })

  it('breaks ties by chunk id, also at the limit', async () => {
    const names = ['m.md', 'b.md', 'Z.md', 'ä.md', 'a.md', 'k.md']
    const store = await fill(
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
    const store = await fill(open, [sample('a.md', ['apple pear']), sample('b.md', ['pear plum'])])
    const once = await store.lexical(['pear', 'apple'], { limit: 5 })
    expect(await store.lexical(['apple', 'pear', 'apple', 'nowhere', 'pear'], { limit: 5 })).toEqual(once)
    expect(await store.lexical(['nowhere', 'neither'], { limit: 5 })).toEqual([])
    expect(await store.lexical([], { limit: 5 })).toEqual([])
    expect(await store.lexical(['pear'], { limit: 0 })).toEqual([])
  })

  it('says how often terms stand in it, whatever order they are asked in', async () => {
    const store = await fill(open, [sample('a.md', ['pear', 'apple pear pear']), sample('b.md', ['plum'])])
    const { chunks, frequencies } = await store.statistics(['plum', 'nowhere', 'pear', 'plum'])
    expect(chunks).toBe(3)
    expect(Object.fromEntries(frequencies)).toEqual({ plum: 1, nowhere: 0, pear: 2 })
  })

  it('does not search for an aborted caller', async () => {
    const store = await fill(open, [sample('a.md', ['pear'])])
    const left = AbortSignal.abort(new Error('has left'))
    await expect(store.lexical(['pear'], { limit: 1, signal: left })).rejects.toThrow('has left')
  })
}

export function describeFilters(open: Open, vectors: boolean): void {
  it('keeps to documents whose metadata has every value of the filter, and its type', async () => {
    const store = await fill(open, [
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
    const store = await fill(open, documents)
    await store.optimise()
    const options = { limit: 6, filter: { metadata: { rare: true } } }
    const rare = ['099', '199', '299', '399', '499', '599'].map((number) => `${number}.md#0000`)
    const hits = await store.lexical(['word'], options)
    expect(idsOf(hits)).toEqual(rare)
    expect(hits[0]?.score).toBe((await store.lexical(['word'], { limit: 1 }))[0]?.score)
    if (vectors) expect(idsOf(await store.nearest(vectorOf(['word']), options))).toEqual(rare)
  })
}

export function describeNearest(open: Open): void {
  it('ranks by cosine similarity, and breaks ties by chunk id', async () => {
    const store = await fill(open, [
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
    const store = await fill(open, [sample('a.md', ['word'])])
    await expect(store.nearest([1, 2], { limit: 1 })).rejects.toThrow(
      'The embedding of the question has 2 dimensions',
    )
    expect(await store.nearest(Array(EMBEDDING.dimensions).fill(0), { limit: 1 })).toEqual([])
  })
}
