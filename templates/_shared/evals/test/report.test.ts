import { describe, expect, it } from 'vitest'
import { formatCost, showProgress } from '#kit/evals/print'
import type { CaseResult } from '#kit/evals/report'
import { computeWilson95 } from '#kit/evals/wilson'

const result = (costUsd: number | null): CaseResult => ({
  ...{ id: 'a', caseHash: '', critical: false, tags: [], outcome: 'pass', score: 1, grades: [], output: '' },
  ...{ error: null, latencyMs: 1, usage: { inputTokens: 1, outputTokens: 1, costUsd } },
})

/** Finishes four cases, `step` milliseconds apart, and returns what was written. */
function run(step: number, isTTY: boolean, cost: number | null = 0.01): string {
  let now = 0
  let written = ''
  const stream = {
    isTTY,
    write: (text: string) => {
      written += text
    },
  }
  const progress = showProgress(stream, 4, () => now)
  for (let i = 0; i < 4; i++) {
    now += step
    progress.add(result(cost))
  }
  progress.end()
  return written
}

describe('showProgress', () => {
  it('keeps one live line on a terminal and clears it', () => {
    const lines = run(2000, true).split('\r\u001b[2K')
    expect(lines[2]).toBe('2/4 cases, 0.5/s, $0.0200 so far, 4 s left')
    expect(lines.at(-1)).toBe('')
  })

  it('is silent in a log for a quick run', () => expect(run(100, false)).toBe(''))

  it('writes a line every ten seconds in a log', () => {
    expect(run(6000, false)).toBe(
      '2/4 cases, 0.2/s, $0.0200 so far, 12 s left\n4/4 cases, 0.2/s, $0.0400 so far, 0 s left\n',
    )
  })

  it('does not call an unknown cost zero', () => {
    expect(run(2000, true, null)).toContain(formatCost(null))
    expect(formatCost(null)).toBe('cost unknown')
  })
})

describe('computeWilson95', () => {
  it.each([
    [20, 20, 0.8389, 1],
    [18, 20, 0.699, 0.9721],
    [0, 20, 0, 0.1611],
    [5, 10, 0.2366, 0.7634],
  ])('gives the published interval for %i of %i', (passed, n, low, high) => {
    const interval = computeWilson95(passed, n)
    expect(interval[0]).toBeCloseTo(low, 4)
    expect(interval[1]).toBeCloseTo(high, 4)
  })

  it('knows nothing from no case', () => expect(computeWilson95(0, 0)).toEqual([0, 1]))

  it.each([
    [3, 2],
    [-1, 2],
    [Number.NaN, 2],
  ])('refuses %d of %d, which is not a count', (passed, n) => {
    expect(() => computeWilson95(passed, n)).toThrow(RangeError)
  })
})
