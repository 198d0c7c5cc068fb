import { describe, expect, it } from 'vitest'
import { Bm25Index } from '#kit/retrieval/bm25'
import { computeCosineSimilarity, findTopK } from '#kit/retrieval/cosine'
import { countTerms } from '#kit/retrieval/fields'
import { fuseRankings } from '#kit/retrieval/fusion'
import { hashToVector } from '#kit/retrieval/hashed-vector'
import { computeTermWeights, rerankByPairs } from '#kit/retrieval/rerank'
import { extractTerms } from '#kit/retrieval/terms'

function indexOf(...texts: string[]): Bm25Index {
  const index = new Bm25Index()
  for (const text of texts) index.add(countTerms({ document: '', title: '', headings: [], text }))
  return index
}

describe('BM25', () => {
  it('gives the scores of its formula', () => {
    const index = indexOf('apple apple banana', 'banana cherry', 'cherry')
    const idf = Math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    const norm = 1.2 * (1 - 0.75 + (0.75 * 3) / 2)
    const [hit] = index.search(['appl'], 10)
    expect(hit?.text).toBe(0)
    expect(hit?.score).toBeCloseTo((idf * 2 * 2.2) / (2 + norm), 12)
  })

  it('finds nothing for terms that no text has, and nothing in an empty index', () => {
    expect(indexOf('apple').search(['pear'], 10)).toEqual([])
    expect(new Bm25Index().search(['pear'], 10)).toEqual([])
  })

  it('counts a term that the query repeats once', () => {
    const index = indexOf('apple banana', 'banana banana')
    expect(index.search(['banana', 'banana', 'appl'], 2)).toEqual(index.search(['banana', 'appl'], 2))
  })

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

describe('rank fusion', () => {
  it('adds 1 / (60 + rank) over the lists', () => {
    const [first, second, third] = fuseRankings([
      ['a', 'b'],
      ['b', 'c'],
    ])
    expect(first).toEqual({ id: 'b', score: 1 / 62 + 1 / 61 })
    expect([second, third]).toEqual([
      { id: 'a', score: 1 / 61 },
      { id: 'c', score: 1 / 62 },
    ])
  })

  it('keeps the order of a list that is alone', () => {
    expect(fuseRankings([['x', 'y', 'z']]).map(({ id }) => id)).toEqual(['x', 'y', 'z'])
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

describe('cosine similarity', () => {
  it('is about direction, not length', () => {
    expect(computeCosineSimilarity([1, 2], [10, 20])).toBeCloseTo(1, 12)
    expect(computeCosineSimilarity([1, 0], [0, 3])).toBe(0)
    expect(computeCosineSimilarity([1, 1], [-2, -2])).toBeCloseTo(-1, 12)
    expect(computeCosineSimilarity([3, 4], [4, 3])).toBeCloseTo(24 / 25, 12)
  })

  it('with a vector that points nowhere is 0, not NaN', () => {
    expect(computeCosineSimilarity([0, 0], [1, 2])).toBe(0)
  })

  it('finds the k nearest, best first, and the earlier of two that are as near', () => {
    const items = [
      { name: 'far', vector: [0, 1] },
      { name: 'near', vector: [2, 2] },
      { name: 'as near', vector: [1, 1] },
      { name: 'nearest', vector: [3, 1] },
    ]
    const vector = (item: { vector: number[] }) => item.vector
    const names = (k: number) => findTopK([1, 0], items, { k, vector }).map(({ item }) => item.name)
    expect(names(3)).toEqual(['nearest', 'near', 'as near'])
    expect(names(0)).toEqual([])
    expect(names(9)).toHaveLength(4)
  })
})

describe('hashed vectors', () => {
  const cosine = (a: string, b: string) => computeCosineSimilarity(hashToVector(a), hashToVector(b))

  it('have unit length, and never none', () => {
    for (const text of ['deploy the service', '', '?!', 'the']) {
      expect(Math.hypot(...hashToVector(text))).toBeCloseTo(1, 9)
    }
  })

  it('are near for shared words and far for others', () => {
    expect(cosine('rotating the API keys', 'API key rotation')).toBeGreaterThan(0.6)
    expect(Math.abs(cosine('rotating the API keys', 'holiday calendar of the team'))).toBeLessThan(0.3)
  })

  it('are the same on every machine: an index that was made yesterday must be readable today', () => {
    const places = hashToVector('deploy rollback').flatMap((value, place) =>
      value ? [[place, Math.sign(value)]] : [],
    )
    expect(places).toEqual([
      [280, -1],
      [887, -1],
    ])
  })
})
