import { describe, expect, it } from 'vitest'
import { gradeWith } from './grading.ts'

describe('json-fields', () => {
  const expected = { invoice: 'A-17', total: 12.5, items: [{ name: 'rope', count: 2 }], note: null }
  const right = JSON.stringify(expected)
  const change = (changes: object) => JSON.stringify({ ...expected, ...changes })

  it.each([
    ['all right', right, {}, 1, true],
    [
      'another order of keys',
      JSON.stringify(Object.fromEntries(Object.entries(expected).reverse())),
      {},
      1,
      true,
    ],
    ['a wrong one', change({ invoice: 'A-18' }), {}, 0.8, false],
    ['one within the tolerance', change({ total: 12.51 }), { tolerance: 0.02 }, 1, true],
    ['one beyond it', change({ total: 12.51 }), {}, 0.8, false],
    ['a number as text', change({ total: '12.5' }), {}, 0.8, false],
    ['one missing', change({ note: undefined }), {}, 0.8, false],
    ['one too many', change({ extra: 1 }), {}, 5 / 6, false],
    ['one too many that is allowed', change({ extra: 1 }), { extra: true }, 1, true],
    ['a wrong one that is ignored', change({ invoice: 'x' }), { ignore: ['invoice'] }, 1, true],
    ['enough of them', change({ invoice: 'x' }), { atLeast: 0.8 }, 0.8, true],
    ['nothing at all', '{}', {}, 0, false],
    ['a list instead', '[1]', {}, 0, false],
    ['no JSON', 'none', {}, 0, false],
  ])('%s', async (_name, text, settings, score, pass) => {
    const grade = await gradeWith({ type: 'json-fields', ...settings }, text, { expected })
    expect(grade.pass).toBe(pass)
    expect(grade.score).toBeCloseTo(score, 10)
  })

  it('names each field that differs', async () => {
    const { reason } = await gradeWith(
      { type: 'json-fields' },
      change({ items: [{ name: 'rope', count: 3 }] }),
      { expected },
    )
    expect(reason).toBe('4 of 5 fields right: items[0].count: 3, wanted 2')
  })

  it('is an error when nothing is left to compare', async () => {
    await expect(async () =>
      gradeWith({ type: 'json-fields', ignore: ['a'] }, '{"a":1}', { expected: { a: 1 } }),
    ).rejects.toThrow('no field')
  })
})
