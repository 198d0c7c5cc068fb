import { describe, expect, it } from 'vitest'
import { createPicker } from '#kit/testing/random'
import { computeMcnemar } from '../src/mcnemar.ts'

/** What statsmodels 0.13.5 gives for `mcnemar(..., exact=True)`: gained, lost, p. */
const STATSMODELS: [gained: number, lost: number, p: number][] = [
  [0, 5, 0.0625],
  [1, 8, 0.0390625],
  [3, 12, 0.03515625],
  [10, 25, 0.016673847800120715],
  [121, 59, 4.4344492637551645e-6],
]
const SEED = 1947

const round = (p: number) => Number(p.toFixed(10))

/** The same in whole numbers, which never underflow: slow, and exact. */
function countByHand(gained: number, lost: number): number {
  const tosses = gained + lost
  let ways = 1n // of no toss falling to the rarer side
  let tail = 1n
  for (let k = 1; k <= Math.min(gained, lost); k++) {
    ways = (ways * BigInt(tosses - k + 1)) / BigInt(k)
    tail += ways
  }
  const digits = 10n ** 20n
  return Math.min(1, Number((2n * tail * digits) >> BigInt(tosses)) / 1e20)
}

describe('exact McNemar', () => {
  it('is 1 when no case changed', () => {
    expect(computeMcnemar(0, 0)).toBe(1)
  })

  it('is the chance of that many heads or that many tails in a row when cases were only lost', () => {
    expect([1, 2, 5, 6].map((lost) => round(computeMcnemar(0, lost)))).toEqual([1, 0.5, 0.0625, 0.03125])
  })

  it('is the same for gaining as for losing', () => {
    expect([computeMcnemar(6, 0), computeMcnemar(1, 8), computeMcnemar(8, 1)].map(round)).toEqual([
      0.03125, 0.0390625, 0.0390625,
    ])
  })

  it('is 1, and no more, when as many were gained as lost', () => {
    expect([1, 3, 5, 50].map((changed) => computeMcnemar(changed, changed)).map(round)).toEqual([1, 1, 1, 1])
  })

  it('is what statsmodels gives, to ten digits', () => {
    const found = STATSMODELS.map(([gained, lost]) => [gained, lost, round(computeMcnemar(gained, lost))])
    expect(found).toEqual(STATSMODELS.map(([gained, lost, p]) => [gained, lost, round(p)]))
  })

  it('is right for thousands of changed cases, where 2^-4000 is 0 in floating point', () => {
    const p = [computeMcnemar(1_900, 2_100), computeMcnemar(2_000, 2_001)].map((one) => one.toFixed(6))
    expect(p).toEqual(['0.001649', '1.000000'])
  })

  it(`is what counting by hand gives: 200 generated pairs, seed ${SEED}`, () => {
    const pick = createPicker(SEED)
    const wrong = Array.from({ length: 200 }, () => {
      const [gained, lost] = [pick(60), pick(60)]
      const [found, wanted] = [computeMcnemar(gained, lost), countByHand(gained, lost)]
      return Math.abs(found - wanted) < 1e-9
        ? []
        : [`${gained} gained, ${lost} lost: ${found}, not ${wanted}`]
    })
    expect(wrong.flat()).toEqual([])
  })
})
