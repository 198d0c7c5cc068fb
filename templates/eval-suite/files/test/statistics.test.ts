import { describe, expect, it } from 'vitest'
import { computeCohenKappa } from '../src/judge/kappa.ts'
import { computeMcnemar } from '../src/mcnemar.ts'
import { computeWilson95 } from '../src/wilson.ts'

/**
 * What other people's programs give for the same counts: scipy 1.10.1
 * `binomtest(...).proportion_ci(method="wilson")`, statsmodels 0.13.5 `mcnemar(..., exact=True)` and
 * `cohens_kappa`, which were run for this table. The first kappa is of the table in Cohen (1960), the second
 * of the one in Fleiss (1981).
 */
const SAME = 10 // digits after the point

describe('the Wilson interval, as scipy gives it', () => {
  it.each([
    [0, 20, 0, 0.16112515805281935],
    [1, 20, 0.008881448800795402, 0.23613119344674205],
    [10, 20, 0.2992980081982124, 0.7007019918017876],
    [19, 20, 0.763868806553258, 0.9911185511992047],
    [20, 20, 0.8388748419471808, 1],
    [7, 9, 0.4525889691069889, 0.9367748928821533],
    [37, 120, 0.23272736988916295, 0.3958299772380067],
    [996, 1000, 0.9897604437227376, 0.9984434118595916],
  ])('%i of %i: %d to %d', (passed, n, low, high) => {
    const interval = computeWilson95(passed, n)
    expect(interval[0]).toBeCloseTo(low, SAME)
    expect(interval[1]).toBeCloseTo(high, SAME)
  })
})

describe('exact McNemar, as statsmodels gives it', () => {
  it.each([
    [0, 0, 1],
    [0, 1, 1],
    [0, 5, 0.0625],
    [0, 6, 0.03125],
    [1, 8, 0.0390625],
    [3, 12, 0.03515625],
    [5, 5, 1],
    [10, 25, 0.016673847800120715],
    [121, 59, 4.4344492637551645e-6],
  ])('%i gained, %i lost: p = %d', (gained, lost, p) => {
    expect(computeMcnemar(gained, lost)).toBeCloseTo(p, SAME)
  })
})

describe("Cohen's kappa and its standard error, as statsmodels gives them", () => {
  const tables: [string, number[][], number, number][] = [
    [
      'Cohen 1960',
      [
        [88, 14, 18],
        [10, 40, 10],
        [2, 6, 12],
      ],
      0.49152542372881347,
      0.05100181557607786,
    ],
    [
      'Fleiss 1981',
      [
        [75, 1, 4],
        [5, 4, 1],
        [0, 0, 10],
      ],
      0.676470588235294,
      0.08770295347521254,
    ],
    [
      'three classes, one never used',
      [
        [0, 4, 1],
        [0, 8, 0],
        [0, 1, 5],
      ],
      0.48416289592760187,
      0.1380135783058146,
    ],
    [
      'two classes',
      [
        [20, 5],
        [10, 15],
      ],
      0.4,
      0.12699606293110033,
    ],
    [
      'near full agreement',
      [
        [14, 2],
        [1, 15],
      ],
      0.8125,
      0.10285247860278492,
    ],
    [
      'chance alone',
      [
        [25, 25],
        [25, 25],
      ],
      0,
      0.1,
    ],
    [
      'worse than chance',
      [
        [2, 18],
        [12, 3],
      ],
      -0.6666666666666665,
      0.13715853329963723,
    ],
    [
      'full agreement',
      [
        [16, 0],
        [0, 16],
      ],
      1,
      0,
    ],
  ]

  it.each(tables)('%s', (_name, table, kappa, standardError) => {
    const found = computeCohenKappa(table)
    expect(found?.kappa).toBeCloseTo(kappa, SAME)
    expect(found?.standardError).toBeCloseTo(standardError, 8)
  })

  it('has an interval around it, which is no point at full agreement', () => {
    expect(
      computeCohenKappa([
        [16, 0],
        [0, 16],
      ])?.interval,
    ).toEqual([expect.closeTo(0.7856, 3), 1])
    const [low = 0, high = 0] =
      computeCohenKappa([
        [14, 2],
        [1, 15],
      ])?.interval ?? []
    expect([low, high]).toEqual([expect.closeTo(0.516, 2), expect.closeTo(0.936, 2)])
  })

  it('cannot be told when one class has everything', () => {
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
  ])('refuses %j, which is no table of counts', (table) =>
    expect(() => computeCohenKappa(table)).toThrow(RangeError),
  )
})
