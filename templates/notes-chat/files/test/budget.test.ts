import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError, InputError } from '#kit/console/errors'
import { estimateMessage, reserveTokens, splitWindow } from '../src/budget.ts'
import { formatQuestion } from '../src/prompts.ts'

const system = 'You answer questions about notes.'
const question = 'Who painted the keel?'
const split = (window: number, more: { system?: string; question?: string } = {}) =>
  splitWindow({ window, system, question, ...more })

describe('what is held back from a window', () => {
  it('is a quarter for the answer, and a margin of 15% because tokens are estimated', () => {
    expect([1_000, 4_000].map(reserveTokens)).toEqual([
      { margin: 150, reserve: 250 },
      { margin: 600, reserve: 1_000 },
    ])
  })

  it('is in whole tokens, and for the answer 2,048 at most', () => {
    expect([1_023, 8_192, 200_000].map(reserveTokens)).toEqual([
      { margin: 154, reserve: 255 },
      { margin: 1_229, reserve: 2_048 },
      { margin: 30_000, reserve: 2_048 },
    ])
  })
})

describe('what is left of a window', () => {
  it('is what margin, answer, system and question do not need', () => {
    const used = estimateMessage(system) + estimateMessage(formatQuestion(question))
    expect(split(4_000).all).toBe(4_000 - 600 - 1_000 - used)
  })

  it('goes to the notes by 55%, rounded down, and to the conversation by the rest', () => {
    const { all, notes, conversation } = split(4_000)
    expect({ notes, conversation }).toEqual({ notes: Math.floor(all * 0.55), conversation: all - notes })
  })

  it('is too little with a small window: a ConfigError that names it, whatever is asked', () => {
    expect(() => split(300)).toThrow(ConfigError)
    expect(() => split(300, { question: 'why '.repeat(3_000) })).toThrow(/300/)
    expect(() => split(2_000, { system: 'rule '.repeat(2_000) })).toThrow(ConfigError)
  })

  it('is too little for a long question: an InputError with its tokens', () => {
    expect(() => split(4_096, { question: 'why '.repeat(3_000) })).toThrow(InputError)
    expect(() => split(4_096, { question: 'why '.repeat(3_000) })).toThrow(/\d{4}/)
  })

  it('adds up to the window, or is refused, for all windows and texts', () => {
    const words = fc.nat(600).map((count) => 'word '.repeat(count))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6_000 }), words, words, (window, rules, asked) => {
        const margin = Math.ceil(window * 0.15)
        const reserve = Math.min(2_048, Math.floor(window / 4))
        const usable = window - margin - reserve - estimateMessage(rules)
        const all = usable - estimateMessage(formatQuestion(asked))
        const given = { system: rules, question: asked }
        expect(reserveTokens(window)).toEqual({ margin, reserve })
        if (all < 200) {
          expect(() => split(window, given)).toThrow(usable < 200 ? ConfigError : InputError)
        } else {
          const notes = Math.floor(all * 0.55)
          expect(split(window, given)).toEqual({ all, notes, conversation: all - notes })
        }
      }),
    )
  })
})
