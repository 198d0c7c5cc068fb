import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkCitations, createClaimChecker, extractClaims } from '../src/claims.ts'

const SOURCES = [
  'Webhooks are retried 5 times.\nThe last retry comes after 6 hours.',
  'Refunds over 200 EUR need the approval of Ines Moreau.',
]

/** Each answer with the support of its first claim. */
function checkAll(...answers: string[]): Record<string, string | undefined> {
  return Object.fromEntries(
    answers.map((answer) => [answer, checkCitations(answer, SOURCES).claims[0]?.support]),
  )
}

describe('the citations in a sentence', () => {
  it('are read from its marks, which are then gone', () => {
    expect(extractClaims('Webhooks are retried [1].')).toEqual([
      { text: 'Webhooks are retried.', citations: [1] },
    ])
    expect(extractClaims('They are [2], as [1] says.')).toEqual([
      { text: 'They are, as says.', citations: [2, 1] },
    ])
  })

  it('can be several in one mark, and ranges, of which each number is listed once', () => {
    const read = (mark: string) => extractClaims(`It is so ${mark}.`).map(({ citations }) => citations)
    expect(read('[1, 3]')).toEqual([[1, 3]])
    expect(read('[2-4][3]')).toEqual([[2, 3, 4]])
    expect(read('【2】[^5]')).toEqual([[2, 5]])
    expect(read('[1-900]')).toEqual([Array.from({ length: 20 }, (_, index) => index + 1)])
  })

  it('are none where code has brackets', () => {
    expect(extractClaims('Call `retries[7]` [1].')).toEqual([{ text: 'Call `retries[7]`.', citations: [1] }])
  })
})

describe('a claim', () => {
  it('without a citation is uncited', () => {
    expect(checkAll('Webhooks are retried 5 times.', 'No')).toEqual({
      'Webhooks are retried 5 times.': 'uncited',
      No: 'uncited',
    })
  })

  it('is quoted if one cited source has its words, all of them and in order', () => {
    const answers = ['Webhooks are retried 5 times [1].', 'Webhooks are\nretried **5 times** [2, 1].']
    expect(checkAll(...answers)).toEqual({ [answers[0] ?? '']: 'quoted', [answers[1] ?? '']: 'quoted' })
    expect(checkAll('Webhooks are retried 5 times [2].')).not.toContain('quoted')
    expect(checkAll('Over 20 [2].')).toEqual({ 'Over 20 [2].': 'unsupported' })
  })

  it('is supported in other words, by all its sources together, and as a bare yes with a source', () => {
    const answers = [
      'A webhook is retried 5 times [1].',
      'Webhooks are retried 5 times; refunds over 200 EUR need approval [1, 2].',
      'Yes [1].',
    ]
    expect(Object.values(checkAll(...answers))).toEqual(['supported', 'supported', 'supported'])
    expect(checkAll('Yes [9].')).toEqual({ 'Yes [9].': 'unsupported' })
  })

  it('is unsupported for one number or name that its sources do not have, and says which', () => {
    const check = createClaimChecker(SOURCES)
    expect(check({ text: 'Webhooks are retried 7 times.', citations: [1] })).toEqual({
      ...{ text: 'Webhooks are retried 7 times.', citations: [1] },
      ...{ support: 'unsupported', missing: ['7'] },
    })
    const named = check({ text: 'Refunds over 200 EUR need the approval of Ines Brandt.', citations: [2] })
    expect([named.support, named.missing]).toEqual(['unsupported', ['Brandt']])
    const elsewhere = check({ text: 'Webhooks are retried 5 times.', citations: [9] })
    expect([elsewhere.support, elsewhere.missing]).toEqual([
      'unsupported',
      ['Webhooks', 'retried', '5', 'times'],
    ])
  })

  it('is supported with up to three words in ten that are not in the source, for any words', () => {
    const there = ['bed', 'car', 'cat', 'cup', 'dog', 'fog', 'hat', 'map', 'pen', 'sun']
    const shares = fc.property(fc.shuffledSubarray(there), fc.nat(10), (known, others) => {
      const foreign = Array.from({ length: others }, (_, index) => `zq${'x'.repeat(index + 1)}`)
      const words = [...foreign, ...known.toSorted().reverse()] // in another order than in the source
      const [claim] = [{ text: words.join(' '), citations: [1] }].map(createClaimChecker([there.join(' ')]))
      const isQuote = foreign.length === 0 && known.length === 1
      fc.pre(words.length > 0)
      const isSupported = known.length >= 0.7 * words.length
      expect(claim).toEqual({
        ...{ text: words.join(' '), citations: [1] },
        support: isQuote ? 'quoted' : isSupported ? 'supported' : 'unsupported',
        missing: isSupported ? [] : foreign,
      })
    })
    fc.assert(shares, { includeErrorInReport: true })
  })
})
