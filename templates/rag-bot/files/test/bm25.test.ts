import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { B, computeIdf, type InvertedIndex, K1, rankByBm25 } from '../src/bm25.ts'

/** Indexes texts whose terms are single words. */
function indexTexts(...texts: string[]): InvertedIndex {
  const postings = new Map<string, { text: number; count: number }[]>()
  const words = texts.map((text) => text.split(' '))
  for (const [text, all] of words.entries())
    for (const term of new Set(all)) {
      const count = all.filter((word) => word === term).length
      postings.set(term, [...(postings.get(term) ?? []), { text, count }])
    }
  const lengths = words.map((all) => all.length)
  return { postings, lengths, totalLength: lengths.reduce((sum, length) => sum + length, 0) }
}

/** The texts that are found for a query, best first. */
function search(query: string, texts: string[], limit = 10): (string | undefined)[] {
  return rankByBm25(query.split(' '), indexTexts(...texts), limit).map(({ text }) => texts[text])
}

describe('inverse document frequency', () => {
  it('is higher the fewer texts contain a term, and never below 0', () => {
    expect(computeIdf(1, 3)).toBeCloseTo(Math.log(1 + 2.5 / 1.5), 12)
    expect(computeIdf(1, 100)).toBeGreaterThan(computeIdf(50, 100))
    expect(computeIdf(100, 100)).toBeGreaterThan(0)
  })
})

describe('BM25', () => {
  it('finds the texts that contain a query term, and no others', () => {
    expect(search('apple', ['pear', 'apple', 'apple pie'])).toEqual(['apple', 'apple pie'])
    expect(search('kiwi', ['pear', 'apple'])).toEqual([])
    expect(rankByBm25(['apple'], indexTexts(), 10)).toEqual([])
  })

  it('ranks the text with the rare term over the one with the common term', () => {
    const texts = ['the cake', 'the pear', 'the pie', 'a kiwi']
    expect(search('the kiwi', texts)[0]).toBe('a kiwi')
  })

  it('ranks a text higher for more occurrences, and a long text lower for the same number', () => {
    const texts = ['apple is one of many words here', 'apple pie', 'apple apple', 'pear tart']
    expect(search('apple', texts)).toEqual(['apple apple', 'apple pie', 'apple is one of many words here'])
  })

  it('adds less for each further occurrence: two terms once beat one term five times', () => {
    const texts = ['apple apple apple apple apple', 'apple pear one two three', 'six seven eight nine ten']
    expect(search('apple pear', texts)[0]).toBe('apple pear one two three')
  })

  it('counts a term that the query repeats once', () => {
    const texts = ['apple pie', 'pear pear']
    const index = indexTexts(...texts)
    expect(rankByBm25(['pear', 'apple', 'pear'], index, 2)).toEqual(rankByBm25(['pear', 'apple'], index, 2))
    expect(search('pear', texts)).toEqual(['pear pear'])
  })

  it('keeps the order of texts with equal scores, and returns no more than the limit', () => {
    expect(search('apple', ['apple b', 'x y', 'apple a', 'apple c'], 2)).toEqual(['apple b', 'apple a'])
  })

  it('gives the scores of the formula, best first, for any texts and query', () => {
    const [idf, norm] = [Math.log(1 + (2 - 1 + 0.5) / 1.5), 1.2 * (1 - 0.75 + (0.75 * 3) / 2)]
    const [hit] = rankByBm25(['apple'], indexTexts('apple apple pear', 'pear'), 10)
    expect(hit).toEqual({ text: 0, score: expect.closeTo((idf * 2 * 2.2) / (2 + norm), 12) })

    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 9 })
    const formula = fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), words, (texts, query) => {
      const hits = rankByBm25(query, indexTexts(...texts.map((text) => text.join(' '))), 99)
      const scores = texts.map((text) => scoreByHand(text, query, texts))
      expect(hits.map(({ text }) => text).toSorted()).toEqual(
        [...texts.keys()].filter((text) => query.some((term) => texts[text]?.includes(term))),
      )
      for (const { text, score } of hits) expect(score).toBeCloseTo(scores[text] ?? 0, 9)
      for (const [place, { score }] of hits.entries())
        expect(score).toBeLessThanOrEqual(hits[place - 1]?.score ?? score)
    })
    fc.assert(formula, { includeErrorInReport: true })
  })
})

/** The formula, word by word. */
function scoreByHand(text: string[], query: string[], texts: string[][]): number {
  const average = texts.flat().length / texts.length
  const shares = [...new Set(query)].map((term) => {
    const having = texts.filter((each) => each.includes(term)).length
    const count = text.filter((word) => word === term).length
    const idf = Math.log(1 + (texts.length - having + 0.5) / (having + 0.5))
    return (idf * count * (K1 + 1)) / (count + K1 * (1 - B + (B * text.length) / average))
  })
  return shares.reduce((sum, share) => sum + share, 0)
}
