import { describe, expect, it } from 'vitest'
import { Bm25Index } from '#kit/retrieval/bm25'
import { countTerms } from '#kit/retrieval/fields'
import { computeTermWeights, rerankByPairs } from '#kit/retrieval/rerank'
import { extractTerms } from '#kit/retrieval/terms'

function indexOf(...texts: string[]): Bm25Index {
  const index = new Bm25Index()
  for (const text of texts) index.add(countTerms({ document: '', title: '', headings: [], text }))
  return index
}

describe('BM25', () => {
  it('ranks a text with the word in its heading over one with it in the text', () => {
    const index = new Bm25Index()
    index.add(
      countTerms({ document: '', title: '', headings: [], text: 'one rollback among a few other words' }),
    )
    index.add(
      countTerms({ document: '', title: '', headings: ['Rollback'], text: 'some among a few other words' }),
    )
    expect(index.search(extractTerms('rollback'), 2).map(({ text }) => text)).toEqual([1, 0])
  })
})

describe('weights', () => {
  it('say that a term is worth more the fewer texts have it, and most when none has', () => {
    const index = indexOf('apple banana', 'banana', 'banana cherry')
    const weights = computeTermWeights(['banana', 'appl', 'kiwi'], {
      total: index.size,
      frequency: (term) => index.frequency(term),
    })
    const of = (term: string) => weights.get(term) ?? 0
    expect(of('banana')).toBeLessThan(of('appl'))
    expect(of('kiwi')).toBe(of('appl'))
    expect(computeTermWeights([], { total: 3, frequency: () => 0 }).size).toBe(0)
  })

  it('come from no property that every object has', () => {
    const index = indexOf('apple')
    expect(
      computeTermWeights(['constructor'], { total: 1, frequency: (term) => index.frequency(term) }).get(
        'constructor',
      ),
    ).toBeGreaterThan(0)
    expect(index.search(['constructor', '__proto__', 'tostring'], 5)).toEqual([])
  })
})

describe('ranking by pairs', () => {
  const weights = new Map(extractTerms('retry limit webhook').map((term) => [term, 2]))

  it('prefers the text with the question’s words side by side', () => {
    const apart = { score: 1, text: 'retry it, and mind that there is a limit' }
    const together = { score: 1, text: 'the retry limit is five and there is more' }
    expect(rerankByPairs('What is the retry limit?', [apart, together], weights)[0]?.text).toBe(together.text)
  })

  it('changes nothing for a question of one word', () => {
    const hits = [
      { score: 2, text: 'retry' },
      { score: 1, text: 'retry retry' },
    ]
    expect(rerankByPairs('retry?', hits, weights)).toEqual(hits)
  })
})
