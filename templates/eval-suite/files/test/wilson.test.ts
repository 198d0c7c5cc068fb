import { describe, expect, it } from 'vitest'
import { createPicker } from '#kit/testing/random'
import { computeWilson95 } from '../src/wilson.ts'

/** What scipy 1.10.1 gives for `binomtest(passed, n).proportion_ci(method="wilson")`. */
const SCIPY: [passed: number, n: number, low: number, high: number][] = [
  [0, 20, 0, 0.16112515805281935],
  [1, 20, 0.008881448800795402, 0.23613119344674205],
  [10, 20, 0.2992980081982124, 0.7007019918017876],
  [19, 20, 0.763868806553258, 0.9911185511992047],
  [20, 20, 0.8388748419471808, 1],
  [7, 9, 0.4525889691069889, 0.9367748928821533],
  [37, 120, 0.23272736988916295, 0.3958299772380067],
  [996, 1000, 0.9897604437227376, 0.9984434118595916],
]
const SEED = 1927
const Z = 1.959963984540054

const round = (interval: readonly number[], digits = 4) => interval.map((end) => Number(end.toFixed(digits)))

describe('the Wilson interval', () => {
  it('is everything, 0 to 1, when there is no case', () => {
    expect(computeWilson95(0, 0)).toEqual([0, 1])
  })

  it.each([
    [1, -1],
    [3, 2],
    [-1, 2],
    [0.5, 1],
    [1, Number.NaN],
  ])('refuses %d of %d, which is no count, with a RangeError', (passed, n) => {
    expect(() => computeWilson95(passed, n)).toThrow(RangeError)
  })

  it('is around the share: 10 of 20 may be 30% or 70% of all cases there could be', () => {
    expect(round(computeWilson95(10, 20))).toEqual([0.2993, 0.7007])
  })

  it('gets narrower with more cases at the same share', () => {
    const width = (n: number) => {
      const [low, high] = computeWilson95(n / 2, n)
      return Number((high - low).toFixed(4))
    }
    expect([20, 80, 320].map(width)).toEqual([0.4014, 0.2141, 0.1089])
  })

  it('is no point at 20 of 20 or 0 of 20, and ends there at exactly 1 or 0', () => {
    expect([computeWilson95(20, 20)[1], computeWilson95(0, 20)[0]]).toEqual([1, 0])
    expect([round(computeWilson95(20, 20)), round(computeWilson95(0, 20))]).toEqual([
      [0.8389, 1],
      [0, 0.1611],
    ])
  })

  it('is what scipy gives, to ten digits', () => {
    const found = SCIPY.map(([passed, n]) => [`${passed} of ${n}`, ...round(computeWilson95(passed, n), 10)])
    expect(found).toEqual(SCIPY.map(([passed, n, ...ends]) => [`${passed} of ${n}`, ...round(ends, 10)]))
  })

  it(`ends where both sides of its definition are equal: 300 generated counts, seed ${SEED}`, () => {
    const pick = createPicker(SEED)
    const conflicts = Array.from({ length: 300 }, () => {
      const n = 1 + pick(2_000)
      const passed = pick(n + 1)
      const seen = passed / n
      const [low, high] = computeWilson95(passed, n)
      const isEnd = (s: number) => Math.abs(Math.abs(seen - s) - Z * Math.sqrt((s * (1 - s)) / n)) < 1e-9
      const isRight = low >= 0 && low <= seen && seen <= high && high <= 1 && isEnd(low) && isEnd(high)
      return isRight ? [] : [`${passed} of ${n}: ${low} to ${high}`]
    })
    expect(conflicts.flat()).toEqual([])
  })
})
