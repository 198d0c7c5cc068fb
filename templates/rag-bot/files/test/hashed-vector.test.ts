import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HASHED_DIMENSIONS, hashToVector } from '../src/hashed-vector.ts'

/** The numbers that are not 0, each with its place in the vector. */
function listNonZero(text: string): [place: number, value: number][] {
  return hashToVector(text).flatMap((value, place): [number, number][] =>
    value === 0 ? [] : [[place, value]],
  )
}

/** Of two vectors of length 1, this is the cosine similarity. */
function multiply(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0)
}

/** These have one term each, at different places. */
const WORDS = ['deploy', 'rollback', 'webhook', 'invoice', 'token', 'backup', 'holiday', 'carpet'] as const

describe('the vector of a text', () => {
  it('has 1,024 numbers, and for one word all of them but one are 0', () => {
    expect(hashToVector('deploy')).toHaveLength(HASHED_DIMENSIONS)
    expect(listNonZero('deploy')).toHaveLength(1)
  })

  it('has a number for each word, at its place and with its sign, the same on every machine', () => {
    const signs = listNonZero('deploy rollback').map(([place, value]) => [place, Math.sign(value)])
    expect(signs).toEqual([
      [280, -1],
      [887, -1],
    ])
  })

  it('has the length 1', () => {
    for (const text of ['deploy', 'deploy the service', 'deploy deploy deploy rollback'])
      expect(Math.hypot(...hashToVector(text))).toBeCloseTo(1, 9)
  })

  it('does not depend on the order of the words, on their case, or on their endings', () => {
    expect(hashToVector('Rollbacks deployed')).toEqual(hashToVector('deploy rollback'))
  })

  it('grows with the logarithm of how often a word occurs', () => {
    const values = listNonZero('rollback deploy rollback rollback').map(([, value]) => Math.abs(value))
    expect(Math.max(...values) / Math.min(...values)).toBeCloseTo(1 + Math.log(3), 9)
  })

  it('has the length 1 for texts without terms too, and another direction for another text', () => {
    for (const text of ['', '?!', 'the']) expect(Math.hypot(...hashToVector(text))).toBeCloseTo(1, 9)
    expect(hashToVector('?!')).not.toEqual(hashToVector('the'))
    expect(hashToVector(' ?!\n')).toEqual(hashToVector('?!'))
  })

  it('points to the sum of the directions of its words, for any words: so shared words make texts similar', () => {
    const sums = fc.property(
      fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 12 }),
      (words) => {
        const text = hashToVector(words.join(' '))
        for (const word of WORDS) {
          const weights = WORDS.map((each) => words.filter((one) => one === each).length).map((count) =>
            count === 0 ? 0 : 1 + Math.log(count),
          )
          const weight = weights[WORDS.indexOf(word)] ?? 0
          expect(multiply(text, hashToVector(word))).toBeCloseTo(weight / Math.hypot(...weights), 9)
        }
      },
    )
    fc.assert(sums, { includeErrorInReport: true })
  })
})
