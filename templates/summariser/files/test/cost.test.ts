import { describe, expect, it } from 'vitest'
import { computeCost, type Price } from '../src/cost.ts'

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
})
