import { describe, expect, it } from 'vitest'
import { createRandom, SEED } from '#kit/testing/random'
import { computeCost, type Price, type TokenCounts } from '../src/cost.ts'

const price: Price = { input: 2, output: 10, source: 'this test', date: '2026-01-01' }

describe('the cost of a request', () => {
  it('counts input and output tokens, each at its rate per million', () => {
    expect(computeCost(price, { inputTokens: 1_000_000, outputTokens: 0 })).toBe(2)
    expect(computeCost(price, { inputTokens: 0, outputTokens: 1_000_000 })).toBe(10)
    expect(computeCost(price, { inputTokens: 1_500, outputTokens: 200 })).toBeCloseTo(0.005, 12)
  })

  it('counts input from the prompt cache at its own rate, or as input when there is none', () => {
    const tokens = { inputTokens: 1_000, cachedInputTokens: 900, outputTokens: 0 }
    expect(computeCost({ ...price, cachedInput: 0.2 }, tokens)).toBeCloseTo(0.00038, 12)
    expect(computeCost(price, tokens)).toBeCloseTo(0.002, 12)
  })

  it('uses the rates of a long prompt for the whole request, once the input is over its limit', () => {
    const long = { ...price, longPrompt: { overTokens: 1_000, input: 4, output: 20 } }
    expect(computeCost(long, { inputTokens: 1_000, outputTokens: 100 })).toBeCloseTo(0.003, 12)
    expect(computeCost(long, { inputTokens: 1_001, outputTokens: 100 })).toBeCloseTo(0.006004, 12)
  })

  it(`is what its tokens cost one by one (seed ${SEED})`, () => {
    const random = createRandom()
    const pickRates = () => ({
      input: random.whole(1, 9),
      output: random.whole(1, 30),
      ...random.pick([{}, { cachedInput: random.whole(0, 3) }]),
    })
    for (let round = 0; round < 200; round++) {
      const longPrompt = random.pick([undefined, { ...pickRates(), overTokens: random.whole(0, 60) }])
      const one = { ...price, ...pickRates(), ...(longPrompt && { longPrompt }) }
      const inputTokens = random.whole(0, 60)
      const tokens = {
        inputTokens,
        outputTokens: random.whole(0, 20),
        ...random.pick([{}, { cachedInputTokens: random.whole(0, inputTokens) }]),
      }
      const shown = JSON.stringify({ price: one, tokens })
      expect(computeCost(one, tokens), shown).toBeCloseTo(payOneByOne(one, tokens), 12)
    }
  })
})

/** Pays for every token alone, as slow as it is plain. */
function payOneByOne(one: Price, { inputTokens, outputTokens, cachedInputTokens }: TokenCounts): number {
  const rates = one.longPrompt && inputTokens > one.longPrompt.overTokens ? one.longPrompt : one
  let millionths = 0
  for (let token = 1; token <= inputTokens; token++) {
    const isCached = token <= (cachedInputTokens ?? 0)
    millionths += isCached && rates.cachedInput !== undefined ? rates.cachedInput : rates.input
  }
  for (let token = 1; token <= outputTokens; token++) millionths += rates.output
  return millionths / 1_000_000
}
