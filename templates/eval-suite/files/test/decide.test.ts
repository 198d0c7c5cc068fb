import { describe, expect, it } from 'vitest'
import { decideVerdict } from '../src/decide.ts'

const nothing = { gained: [], lost: [], critical: [], paired: 20, deterministic: false }
const ids = (count: number) => Array.from({ length: count }, (_, index) => `case ${index}`)

describe('where answers are deterministic', () => {
  it('one lost case is a regression, whatever was gained', () => {
    const comparison = { ...nothing, deterministic: true }
    expect(decideVerdict(comparison).verdict).toBe('pass')
    expect(decideVerdict({ ...comparison, gained: ids(9), lost: ids(1) }).verdict).toBe('regression')
  })
})

describe('where chance takes part', () => {
  it.each([
    [0, 0, 'pass'],
    [3, 3, 'pass'],
    [0, 1, 'inconclusive'],
    [0, 5, 'inconclusive'],
    [0, 6, 'regression'],
    [1, 8, 'regression'],
    [3, 9, 'inconclusive'],
  ])('%i gained and %i lost of 20 cases: %s', (gained, lost, verdict) => {
    expect(decideVerdict({ ...nothing, gained: ids(gained), lost: ids(lost) }).verdict).toBe(verdict)
  })

  it('a critical case that fails is a regression, even with nothing lost', () => {
    expect(decideVerdict({ ...nothing, gained: ids(4), critical: ['refund'] })).toEqual({
      verdict: 'regression',
      why: 'critical cases must pass',
    })
  })

  it('says what would settle it', () => {
    expect(decideVerdict({ ...nothing, lost: ids(3) }).why).toBe(
      'exact McNemar p = 0.25, which may be chance; about 37 cases at these rates would settle it',
    )
    const { why } = decideVerdict({ ...nothing, paired: 20_000, gained: ids(50), lost: ids(51) })
    expect(why).toContain('more cases would hardly settle it')
  })
})
