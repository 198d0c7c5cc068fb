import { describe, expect, it } from 'vitest'
import { decideVerdict, type PairedOutcomes } from '../src/decide.ts'

const nothing = { gained: [], lost: [], critical: [], paired: 40, deterministic: false }
const ids = (count: number) => Array.from({ length: count }, (_, index) => `case ${index}`)

const decide = (outcomes: Partial<PairedOutcomes>) => decideVerdict({ ...nothing, ...outcomes }).verdict

/** The verdict after so many gained and lost cases, written so that a failed test shows all three. */
const after = (gained: number, lost: number, more: Partial<PairedOutcomes> = {}) =>
  `${gained} gained, ${lost} lost: ${decide({ gained: ids(gained), lost: ids(lost), ...more })}`

describe('where answers are deterministic', () => {
  const deterministic = true

  it('one lost case is a regression, whatever was gained', () => {
    expect([after(0, 1, { deterministic }), after(9, 1, { deterministic })]).toEqual([
      '0 gained, 1 lost: regression',
      '9 gained, 1 lost: regression',
    ])
  })

  it('nothing lost is a pass, also when a critical case fails as it did before', () => {
    const both = { deterministic, critical: ['refund'] }
    expect([after(0, 0, { deterministic }), after(3, 0, both)]).toEqual([
      '0 gained, 0 lost: pass',
      '3 gained, 0 lost: pass',
    ])
  })
})

describe('where chance takes part', () => {
  it('a run that lost no more than it gained is a pass', () => {
    expect([after(0, 0), after(3, 3), after(4, 2)]).toEqual([
      '0 gained, 0 lost: pass',
      '3 gained, 3 lost: pass',
      '4 gained, 2 lost: pass',
    ])
  })

  it('a critical case that fails is a regression, even with nothing lost', () => {
    expect(after(4, 0, { critical: ['refund'] })).toBe('4 gained, 0 lost: regression')
  })

  it('a loss that chance alone may cause is inconclusive', () => {
    expect([after(0, 1), after(0, 5), after(3, 9)]).toEqual([
      '0 gained, 1 lost: inconclusive',
      '0 gained, 5 lost: inconclusive',
      '3 gained, 9 lost: inconclusive',
    ])
  })

  it('a loss that chance alone rarely causes is a regression: from 6, 8, 10, 12, 13, 15 lost on', () => {
    const firstRegressions = [0, 1, 2, 3, 4, 5].map((gained) =>
      [...Array(20).keys()].find((lost) => decide({ gained: ids(gained), lost: ids(lost) }) === 'regression'),
    )
    expect(firstRegressions).toEqual([6, 8, 10, 12, 13, 15])
  })
})

describe('whatever was gained and lost, up to 12 each', () => {
  const ORDER = ['pass', 'inconclusive', 'regression']
  const grid = [...Array(13).keys()].flatMap((gained) => [...Array(13).keys()].map((lost) => [gained, lost]))

  it('one more lost case never makes the verdict better, and one more gained never makes it worse', () => {
    const rank = (gained: number, lost: number, more: Partial<PairedOutcomes>) =>
      ORDER.indexOf(decide({ gained: ids(gained), lost: ids(lost), ...more }))
    const wrong = grid.flatMap(([gained = 0, lost = 0]) =>
      [{}, { deterministic: true }, { critical: ['refund'] }].flatMap((more) => {
        const now = rank(gained, lost, more)
        const isRight = now >= 0 && rank(gained, lost + 1, more) >= now && rank(gained + 1, lost, more) <= now
        return isRight ? [] : [after(gained, lost, more)]
      }),
    )
    expect(wrong).toEqual([])
  })

  it('the clause after the verdict gives its reason, and says what would settle it', () => {
    const why = (outcomes: Partial<PairedOutcomes>) => decideVerdict({ ...nothing, ...outcomes }).why
    expect(why({ critical: ['refund'] })).toBe('critical cases must pass')
    expect(why({ paired: 20, lost: ids(3) })).toBe(
      'exact McNemar p = 0.25, which may be chance; about 37 cases at these rates would settle it',
    )
    expect(why({ paired: 20_000, gained: ids(50), lost: ids(51) })).toContain('would hardly settle it')
  })
})
