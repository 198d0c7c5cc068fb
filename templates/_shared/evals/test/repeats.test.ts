import { describe, expect, it } from 'vitest'
import { parseCases } from '#kit/evals/cases'
import { runCases } from '#kit/evals/evaluate'
import { estimatePassAtK, estimatePassHatK } from '#kit/evals/repeats'
import { computeMeanScore } from '#kit/evals/report'
import { capitalCase, createTinySuite, FRANCE, ITALY } from '#kit/testing/tiny-suite'

describe('estimatePassAtK and estimatePassHatK', () => {
  // By hand: 2 of 5 answers pass. Of the 10 draws of 2 from 5, 3 hold no pass and 1 holds only passes.
  it.each([
    { n: 5, passed: 2, k: 1, at: 0.4, hat: 0.4 },
    { n: 5, passed: 2, k: 2, at: 0.7, hat: 0.1 },
    { n: 5, passed: 2, k: 5, at: 1, hat: 0 },
    { n: 5, passed: 0, k: 3, at: 0, hat: 0 },
    { n: 5, passed: 5, k: 3, at: 1, hat: 1 },
    // Chen et al. 2021, the formula in figure 3: n = 10, c = 3, k = 5: 1 - C(7,5)/C(10,5) = 1 - 21/252.
    { n: 10, passed: 3, k: 5, at: 1 - 21 / 252, hat: 0 },
  ])('are $at and $hat for $passed of $n and k = $k', ({ n, passed, k, at, hat }) => {
    expect(estimatePassAtK({ n, passed }, k)).toBeCloseTo(at, 12)
    expect(estimatePassHatK({ n, passed }, k)).toBeCloseTo(hat, 12)
  })

  it.each([0, 6, 1.5, Number.NaN])('refuse k = %s of 5', (k) => {
    expect(() => estimatePassAtK({ n: 5, passed: 2 }, k)).toThrow(RangeError)
  })
})

describe('a case that is answered several times', () => {
  const signal = new AbortController().signal
  const cases = parseCases(
    [FRANCE, ITALY].map((line) => JSON.stringify(line)).join('\n'),
    'cases',
    capitalCase,
  )

  it('passes when every answer does; its score is their mean, and the first bad answer is shown', async () => {
    const answer = async (
      { id, capital }: { id: string; capital: string },
      _llm: unknown,
      _signal: unknown,
      attempt: number,
    ) => (id === 'italy' && attempt === 1 ? 'Milan' : capital)
    const [france, italy] = await runCases(createTinySuite({ repeats: 3, answer }), cases, {
      concurrency: 2,
      signal,
    })
    expect(france).toMatchObject({ outcome: 'pass', score: 1 })
    expect(italy).toMatchObject({ outcome: 'fail', output: 'Milan', score: 0.666667 })
    expect(italy?.attempts?.map(({ outcome }) => outcome)).toEqual(['pass', 'fail', 'pass'])
  })

  it('is an error when one answer is, whatever the others are', async () => {
    const answer = async (
      { capital }: { capital: string },
      _llm: unknown,
      _signal: unknown,
      attempt: number,
    ) => {
      if (attempt === 2) throw new Error('gone')
      return capital
    }
    const [france] = await runCases(createTinySuite({ repeats: 3, answer }), cases, {
      concurrency: 1,
      signal,
    })
    expect(france).toMatchObject({ outcome: 'error', score: null, error: 'gone' })
  })
})

describe('a weight', () => {
  it('makes a case count more in the mean', async () => {
    expect(computeMeanScore([{ score: 1, weight: 3 }, { score: 0 }])).toBe(0.75)
    expect(computeMeanScore([{ score: null, weight: 3 }, { score: 0.5 }])).toBe(0.5)
  })
})

describe('graders', () => {
  const signal = new AbortController().signal
  const [france] = parseCases(JSON.stringify(FRANCE), 'cases', capitalCase)

  it('of a case look at sources, latency and cost as well as the text', async () => {
    const seen: unknown[] = []
    const suite = createTinySuite({
      graders: {},
      gradersOf: () => ({
        all: (output, _case, { sources, citations, latencyMs, costUsd }) => {
          seen.push({ output, sources, citations, latencyMs, costUsd })
          return { pass: true, score: 1, reason: '' }
        },
      }),
      answer: async () => ({
        output: 'Paris',
        sources: [{ document: 'atlas', text: 'Paris' }],
        citations: [{ claim: 'Paris', sources: [1] }],
        latencyMs: 7,
        usage: { inputTokens: 1, outputTokens: 1, costUsd: 0.5 },
      }),
    })
    const [result] = await runCases(suite, france ? [france] : [], { concurrency: 1, signal })
    expect(result).toMatchObject({ outcome: 'pass', latencyMs: 7, usage: { costUsd: 0.5 } })
    const sources = [{ document: 'atlas', text: 'Paris' }]
    const citations = [{ claim: 'Paris', sources: [1] }]
    expect(seen).toEqual([{ output: 'Paris', sources, citations, latencyMs: 7, costUsd: 0.5 }])
  })

  it('that a case does not have make an error of it, not a pass', async () => {
    const suite = createTinySuite({ graders: {}, gradersOf: () => ({}) })
    const [result] = await runCases(suite, france ? [france] : [], { concurrency: 1, signal })
    expect(result).toMatchObject({ outcome: 'error', error: expect.stringContaining('no grader') })
  })
})
