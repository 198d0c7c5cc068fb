import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuseRankings } from '../src/fusion.ts'

const fuse = (...[lists, options]: Parameters<typeof fuseRankings>) =>
  fuseRankings(lists, options).map(({ id }) => id)

describe('rank fusion', () => {
  it('keeps the order of a list that is alone, and of no list makes an empty one', () => {
    expect(fuse([['x', 'y', 'z']])).toEqual(['x', 'y', 'z'])
    expect(fuse([])).toEqual([])
  })

  it('scores an id with 1 / (60 + rank), where the first rank is 1', () => {
    expect(fuseRankings([['a', 'b']])).toEqual([
      { id: 'a', score: 1 / 61 },
      { id: 'b', score: 1 / 62 },
    ])
  })

  it('adds the scores of an id over the lists: second in both beats first in one', () => {
    expect(
      fuse([
        ['a', 'both', 'c'],
        ['d', 'both', 'e'],
      ])[0],
    ).toBe('both')
    expect(fuseRankings([['a', 'b'], ['b']])[0]).toEqual({ id: 'b', score: expect.closeTo(1 / 62 + 1 / 61) })
  })

  it('lists ids with equal scores in the order in which they first appear', () => {
    expect(fuse([['n', 'a'], ['m', 'b'], ['c']])).toEqual(['n', 'm', 'c', 'a', 'b'])
  })

  it('takes another k, and a weight for each list', () => {
    expect(fuseRankings([['a']], { k: 1 })).toEqual([{ id: 'a', score: 1 / 2 }])
    expect(fuse([['a'], ['b']], { weights: [1, 3] })).toEqual(['b', 'a'])
    expect(fuseRankings([['a'], ['a']], { k: 0, weights: [2, 3] })).toEqual([{ id: 'a', score: 5 }])
  })

  it('gives every id once, with the sum over the lists, best first, for any lists', () => {
    const list = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 })
    const sums = fc.property(
      fc.array(list, { maxLength: 5 }),
      fc.integer({ min: 1, max: 99 }),
      (lists, k) => {
        const found = fuseRankings(lists, { k })
        expect(found.map(({ id }) => id).toSorted()).toEqual([...new Set(lists.flat())].toSorted())
        for (const { id, score } of found) {
          const ranks = lists.map((list) => list.indexOf(id) + 1).filter((rank) => rank > 0)
          expect(score).toBeCloseTo(
            ranks.reduce((sum, rank) => sum + 1 / (k + rank), 0),
            12,
          )
        }
        for (const [index, { score }] of found.entries())
          expect(score).toBeLessThanOrEqual(found[index - 1]?.score ?? score)
      },
    )
    fc.assert(sums, { includeErrorInReport: true })
  })
})
