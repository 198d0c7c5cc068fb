import { describe, expect, it } from 'vitest'
import { createPicker } from '#kit/testing/random'
import { computeCohenKappa } from '../../src/judge/kappa.ts'

type Table = number[][]

/**
 * What statsmodels 0.13.5 `cohens_kappa` gives, kappa and its standard error. The first table is that of
 * Cohen (1960), the second that of Fleiss (1981).
 */
const STATSMODELS: [table: Table, kappa: number, standardError: number][] = [
  [
    [
      [88, 14, 18],
      [10, 40, 10],
      [2, 6, 12],
    ],
    0.49152542372881347,
    0.05100181557607786,
  ],
  [
    [
      [75, 1, 4],
      [5, 4, 1],
      [0, 0, 10],
    ],
    0.676470588235294,
    0.08770295347521254,
  ],
  [
    [
      [0, 4, 1],
      [0, 8, 0],
      [0, 1, 5],
    ],
    0.48416289592760187,
    0.1380135783058146,
  ],
  [
    [
      [20, 5],
      [10, 15],
    ],
    0.4,
    0.12699606293110033,
  ],
  [
    [
      [14, 2],
      [1, 15],
    ],
    0.8125,
    0.10285247860278492,
  ],
  [
    [
      [2, 18],
      [12, 3],
    ],
    -0.6666666666666665,
    0.13715853329963723,
  ],
]
const SEED = 1960

const round = (value: number | undefined, digits = 4) => Number(value?.toFixed(digits)) + 0 // no -0
const kappaOf = (...table: Table) => round(computeCohenKappa(table)?.kappa)
const intervalOf = (...table: Table) => computeCohenKappa(table)?.interval.map((end) => round(end))

/** Kappa by its words: of all pairs of one rater's item with the other's, how many are in one class? */
function countPairs(items: readonly (readonly [number, number])[]): number {
  const observed = items.filter(([a, b]) => a === b).length / items.length
  const pairs = items.flatMap(([a]) => items.map(([, b]) => a === b))
  const chance = pairs.filter(Boolean).length / pairs.length
  return (observed - chance) / (1 - chance)
}

describe("Cohen's kappa", () => {
  it('is 1 when both always agree, and counts the items', () => {
    expect(
      computeCohenKappa([
        [16, 0],
        [0, 16],
      ]),
    ).toMatchObject({ kappa: 1, n: 32 })
  })

  it('is 0 for what chance alone gives, and less for disagreeing', () => {
    expect([kappaOf([25, 25], [25, 25]), kappaOf([32, 8], [8, 2]), kappaOf([0, 10], [10, 0])]).toEqual([
      0, 0, -1,
    ])
  })

  it('takes off more where one class is common: 90% agreement may be little or a lot', () => {
    expect([kappaOf([45, 5], [5, 45]), kappaOf([88, 5], [5, 2])]).toEqual([0.8, 0.232])
  })

  it('is null when one class has everything, because chance then explains all', () => {
    expect(
      computeCohenKappa([
        [12, 0],
        [0, 0],
      ]),
    ).toBeNull()
  })

  it.each([
    [
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [[[1, 2]]],
    [
      [
        [1, Number.NaN],
        [0, 1],
      ],
    ],
    [
      [
        [1, -1],
        [0, 1],
      ],
    ],
    [
      [
        [0.5, 1],
        [0, 1],
      ],
    ],
  ])('refuses %j, which is no table of counts, with a RangeError', (table) => {
    expect(() => computeCohenKappa(table)).toThrow(RangeError)
  })

  it('has an interval around it, which is no point at full agreement and does not go below -1', () => {
    expect([intervalOf([16, 0], [0, 16]), intervalOf([14, 2], [1, 15]), intervalOf([0, 9], [9, 0])]).toEqual([
      [0.7856, 1],
      [0.5156, 0.9352],
      [-1, -0.6482],
    ])
  })

  it('is what statsmodels gives, to eight digits, and so is its standard error', () => {
    const found = STATSMODELS.map(([table]) => {
      const { kappa, standardError } = computeCohenKappa(table) ?? {}
      return [round(kappa, 8), round(standardError, 8)]
    })
    expect(found).toEqual(STATSMODELS.map(([, ...wanted]) => wanted.map((value) => round(value, 8))))
  })

  it(`is what counting pairs gives: 100 generated sets of items, seed ${SEED}`, () => {
    const pick = createPicker(SEED)
    const wrong = Array.from({ length: 100 }, () => {
      const classes = 2 + pick(3)
      const items = Array.from({ length: 10 + pick(30) }, (): [number, number] => {
        const first = pick(classes)
        return [first, pick(3) === 0 ? pick(classes) : first]
      })
      const table = Array.from({ length: classes }, () => Array<number>(classes).fill(0))
      for (const [a, b] of items) table[a]?.splice(b, 1, (table[a]?.[b] ?? 0) + 1)
      const [found, wanted] = [round(computeCohenKappa(table)?.kappa, 9), round(countPairs(items), 9)]
      return found === wanted ? [] : [`${JSON.stringify(table)}: ${found}, not ${wanted}`]
    })
    expect(wrong.flat()).toEqual([])
  })
})
