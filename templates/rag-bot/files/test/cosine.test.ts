import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computeCosineSimilarity, findTopK } from '../src/cosine.ts'
import { hashToVector } from '../src/hashed-vector.ts'

/** A vector with two numbers: its direction in degrees, and its length. */
function point(degrees: number, length: number): number[] {
  return [length * Math.cos((degrees * Math.PI) / 180), length * Math.sin((degrees * Math.PI) / 180)]
}

const degrees = fc.integer({ min: -180, max: 180 })
const length = fc.integer({ min: 1, max: 50 })
const report = { includeErrorInReport: true }

describe('cosine similarity', () => {
  it('is 1 for two vectors of the same direction, whatever their lengths', () => {
    expect(computeCosineSimilarity([1, 2], [1, 2])).toBeCloseTo(1, 12)
    expect(computeCosineSimilarity([1, 2], [10, 20])).toBeCloseTo(1, 12)
  })

  it('is 0 at a right angle, and -1 for opposite directions', () => {
    expect(computeCosineSimilarity([1, 0], [0, 3])).toBe(0)
    expect(computeCosineSimilarity([1, 1], [-2, -2])).toBeCloseTo(-1, 12)
  })

  it('is the cosine of the angle between any two vectors', () => {
    expect(computeCosineSimilarity([3, 4], [4, 3])).toBeCloseTo(24 / 25, 12)
    const angles = fc.property(degrees, length, degrees, length, (a, lengthOfA, b, lengthOfB) => {
      const similarity = computeCosineSimilarity(point(a, lengthOfA), point(b, lengthOfB))
      expect(similarity).toBeCloseTo(Math.cos(((a - b) * Math.PI) / 180), 9)
    })
    fc.assert(angles, report)
  })

  it('is 0, not NaN, for a vector that is all zeros: it has no direction', () => {
    expect(computeCosineSimilarity([0, 0], [1, 2])).toBe(0)
    expect(computeCosineSimilarity([0, 0], [0, 0])).toBe(0)
  })
})

describe('the k most similar', () => {
  const ITEMS = [
    { name: 'right angle', vector: [0, 1] },
    { name: '45 degrees', vector: [2, 2] },
    { name: '45 degrees too', vector: [1, 1] },
    { name: '18 degrees', vector: [3, 1] },
  ]
  const findNames = (k: number) =>
    findTopK([1, 0], ITEMS, { k, vector: (item) => item.vector }).map(({ item }) => item.name)

  it('come best first, with their similarity', () => {
    const [best] = findTopK([1, 0], ITEMS, { k: 1, vector: (item) => item.vector })
    expect(best).toEqual({ item: ITEMS[3], similarity: expect.closeTo(3 / Math.sqrt(10), 12) })
    expect(findNames(2)).toEqual(['18 degrees', '45 degrees'])
  })

  it('keep the order of the items where two are equally similar, and are all items for a large k', () => {
    expect(findNames(3)).toEqual(['18 degrees', '45 degrees', '45 degrees too'])
    expect(findNames(9)).toEqual(['18 degrees', '45 degrees', '45 degrees too', 'right angle'])
    expect(findNames(0)).toEqual([])
  })

  it('are those at the smallest angles, for any vectors', () => {
    const rankings = fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 180 }), { maxLength: 30 }),
      fc.nat(10),
      (angles, k) => {
        const found = findTopK(point(0, 7), angles, { k, vector: (angle) => point(angle, angle + 1) })
        expect(found.map(({ item }) => item)).toEqual(angles.toSorted((a, b) => a - b).slice(0, k))
      },
    )
    fc.assert(rankings, report)
  })

  it('of the vectors of texts are the texts that share most words with the question', () => {
    const texts = ['Expenses are paid monthly.', 'API keys are rotated every quarter.', 'The API has limits.']
    const question = hashToVector('How often are the API keys rotated?')
    const found = findTopK(question, texts, { k: 2, vector: hashToVector })
    expect(found.map(({ item }) => item)).toEqual([texts[1], texts[2]])
  })
})
