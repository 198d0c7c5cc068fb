import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Source } from '#kit/bot/contract'
import { scoreEvidence } from '../src/evidence.ts'
import { hasEvidence } from '../src/refuse.ts'
import type { Retrieval } from '../src/retrieve.ts'
import { settings } from '../src/settings.ts'

/** These are terms as they stand. */
const WORDS = ['cat', 'dog', 'sun', 'map', 'pen', 'cup', 'hat', 'fog'] as const

function ask(question: string, weights: Record<string, number>, previous = '') {
  return { question, previous, weights: new Map(Object.entries(weights)) }
}

function passage(source: string, text: string, heading = '') {
  return { source, heading, text }
}

describe('the evidence for a question', () => {
  it('is the share of its terms that a document contains', () => {
    const asked = ask('a cat, a dog', { cat: 1, dog: 1 })
    expect(scoreEvidence(asked, [passage('a.md', 'The dog and the cat.')])).toBe(1)
    expect(scoreEvidence(asked, [passage('a.md', 'The dog.')])).toBe(0.5)
    expect(scoreEvidence(asked, [passage('a.md', 'The sun.')])).toBe(0)
  })

  it('is a share of their weights: a rare term counts more than a common one', () => {
    const asked = ask('cat dog', { cat: 3, dog: 1 })
    expect(scoreEvidence(asked, [passage('a.md', 'cat')])).toBe(0.75)
    expect(scoreEvidence(asked, [passage('a.md', 'dog')])).toBe(0.25)
    expect(scoreEvidence(ask('cat dog cat', { cat: 1, dog: 1 }), [passage('a.md', 'cat')])).toBe(0.5)
  })

  it('counts all passages and headings of one document together, and two documents apart', () => {
    const asked = ask('cat dog sun', { cat: 1, dog: 1, sun: 1 })
    expect(scoreEvidence(asked, [passage('a.md', 'cat'), passage('a.md', 'fog', 'The dog')])).toBeCloseTo(
      2 / 3,
    )
    expect(scoreEvidence(asked, [passage('a.md', 'cat'), passage('b.md', 'dog')])).toBeCloseTo(1 / 3)
  })

  it('is 0 without passages, without terms, and without weights', () => {
    expect(scoreEvidence(ask('cat', { cat: 1 }), [])).toBe(0)
    expect(scoreEvidence(ask('what is it?', {}), [passage('a.md', 'what is it?')])).toBe(0)
    expect(scoreEvidence(ask('cat', {}), [passage('a.md', 'cat')])).toBe(0)
  })

  it('of a follow-up is that of the two questions together, if that is more', () => {
    const weights = { cat: 1, dog: 1 }
    expect(scoreEvidence(ask('and a dog?', weights, 'a cat?'), [passage('a.md', 'cat')])).toBe(0.5)
    expect(scoreEvidence(ask('and a dog?', weights, 'a cat?'), [passage('a.md', 'dog')])).toBe(1)
  })

  it('is the best document’s share, for any question and documents', () => {
    const some = fc.subarray([...WORDS])
    const shares = fc.property(some, fc.array(some, { maxLength: 5 }), (question, documents) => {
      const weigh = (words: readonly (typeof WORDS)[number][]) =>
        words.reduce((sum, word) => sum + 1 + WORDS.indexOf(word), 0)
      const asked = ask(question.join(' '), Object.fromEntries(WORDS.map((word) => [word, weigh([word])])))
      const passages = documents.map((words, index) => passage(`${index}.md`, words.join(', ')))
      const both = documents.map((words) => weigh(words.filter((word) => question.includes(word))))
      const best = Math.max(0, ...both)
      expect(scoreEvidence(asked, passages)).toBeCloseTo(best === 0 ? 0 : best / weigh(question), 9)
    })
    fc.assert(shares, { includeErrorInReport: true })
  })
})

describe('an answer is tried', () => {
  const source = (text: string, headings: string[] = []): Source => {
    return { number: 1, id: 'a', document: 'a.md', title: 'Hat', headings, text, score: 1 }
  }
  const retrieval = (strategy: Retrieval['strategy'], weights: Record<string, number>): Retrieval => {
    return { strategy, hits: [], weights: new Map(Object.entries(weights)), readAs: [] }
  }
  const question = { question: 'cat dog', previous: '' }

  it('by words only with enough evidence, and titles and headings are evidence', () => {
    const weights = { cat: settings.minEvidence, dog: 1 - settings.minEvidence }
    const rarer = { cat: settings.minEvidence - 0.01, dog: 1.01 - settings.minEvidence }
    expect(hasEvidence(question, retrieval('lexical', weights), [source('cat')])).toBe(true)
    expect(hasEvidence(question, retrieval('lexical', rarer), [source('cat')])).toBe(false)
    expect(hasEvidence(question, retrieval('lexical', weights), [source('fog', ['cat'])])).toBe(true)
    expect(
      hasEvidence({ ...question, question: 'hat' }, retrieval('lexical', { hat: 1 }), [source('')]),
    ).toBe(true)
  })

  it('after any other search whatever the words are, but never without sources', () => {
    for (const strategy of ['bm25', 'vector', 'hybrid', 'beginnings'] as const) {
      const retrieved = retrieval(strategy, { cat: 1, dog: 1 })
      expect([strategy, hasEvidence(question, retrieved, [source('fog')])]).toEqual([strategy, true])
      expect([strategy, hasEvidence(question, retrieved, [])]).toEqual([strategy, false])
    }
  })
})
