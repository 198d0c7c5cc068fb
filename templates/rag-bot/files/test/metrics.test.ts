import { describe, expect, it } from 'vitest'
import { averageScores, scoreRanking } from '../evals/metrics.ts'

const chunk = (document: string, text: string) => ({ document, text })
const EVIDENCE = [
  { document: 'a.md', quote: 'the answer is 42' },
  { document: 'b.md', quote: 'since May' },
]

describe('a ranking', () => {
  it('is perfect when all evidence comes first', () => {
    const ranking = [
      chunk('a.md', 'So the answer\nis 42.'),
      chunk('b.md', 'It is so since May.'),
      chunk('c.md', 'x'),
    ]
    expect(scoreRanking(ranking, EVIDENCE)).toEqual({
      recallAt1: 0.5,
      recallAt5: 1,
      recallAt10: 1,
      reciprocalRank: 1,
      ndcgAt10: 1,
      contextPrecision: 1,
    })
  })

  it('is nothing without evidence, nor with the right words of the wrong document', () => {
    const scores = scoreRanking([chunk('c.md', 'the answer is 42'), chunk('b.md', 'x')], EVIDENCE)
    expect(Object.values(scores).every((score) => score === 0)).toBe(true)
  })

  it('loses by the logarithm of the rank', () => {
    const ranking = [
      chunk('x', 'x'),
      chunk('a.md', 'the answer is 42'),
      chunk('x', 'y'),
      chunk('b.md', 'since May'),
    ]
    const { ndcgAt10, reciprocalRank, contextPrecision } = scoreRanking(ranking, EVIDENCE)
    expect(ndcgAt10).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3)), 12)
    expect(reciprocalRank).toBe(0.5)
    expect(contextPrecision).toBe((1 / 2 + 2 / 4) / 2)
  })

  it('counts a piece of evidence once, however many chunks overlap on it', () => {
    const twice = [
      chunk('a.md', 'the answer is 42'),
      chunk('a.md', 'that the answer is 42'),
      chunk('b.md', 'since May'),
    ]
    expect(scoreRanking(twice, EVIDENCE).contextPrecision).toBeCloseTo((1 + 2 / 3) / 2, 12)
  })

  it('looks at no more than ten', () => {
    const ranking = [...Array.from({ length: 10 }, () => chunk('x', 'x')), chunk('a.md', 'the answer is 42')]
    expect(scoreRanking(ranking, EVIDENCE).recallAt10).toBe(0)
  })
})

it('has no mean of no rankings', () => {
  expect(() => averageScores([])).toThrow(RangeError)
})
