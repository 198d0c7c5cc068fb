import { describe, expect, it } from 'vitest'
import { createPicker } from '#kit/testing/random'
import { gradeWith } from './grading.ts'

const SEED = 42

/** What the grader says to an answer, with its score, written so that a failed test shows all of it. */
async function grade(answer: string, settings: object = {}, expected = 42): Promise<string> {
  const { pass, score } = await gradeWith({ type: 'number', ...settings }, answer, { expected })
  return `${JSON.stringify(answer)}: ${pass ? 'pass' : 'fail'}, ${score}`
}

describe('an answer that should give 42', () => {
  it('passes with 42 in it and scores 1, fails with another number and scores 0', async () => {
    expect([await grade('The answer is 42.'), await grade('It is 41.'), await grade('-42')]).toEqual([
      '"The answer is 42.": pass, 1',
      '"It is 41.": fail, 0',
      '"-42": fail, 0',
    ])
  })

  it('fails without a number, and says which one was wanted', async () => {
    const grades = await Promise.all(['', 'forty-two', 'NaN'].map((answer) => grade(answer, { relative: 1 })))
    expect(grades).toEqual(['"": fail, 0', '"forty-two": fail, 0', '"NaN": fail, 0'])
    const { reason } = await gradeWith({ type: 'number' }, 'Many.', { expected: 42 })
    expect(reason).toContain('42')
  })

  it('is judged by its last number, or by the first one if the case says so', async () => {
    const answer = 'Of 7 boats, 42 seats remain'
    expect([await grade(answer), await grade(answer, { which: 'first' })]).toEqual([
      '"Of 7 boats, 42 seats remain": pass, 1',
      '"Of 7 boats, 42 seats remain": fail, 0',
    ])
  })

  it('may have one number only, if the case says so', async () => {
    expect([await grade('42', { which: 'only' }), await grade('7 or 42', { which: 'only' })]).toEqual([
      '"42": pass, 1',
      '"7 or 42": fail, 0',
    ])
  })

  it('may be off by the tolerance, and not by more; the reason names both numbers', async () => {
    expect([await grade('41.5', { tolerance: 0.5 }), await grade('41.4', { tolerance: 0.5 })]).toEqual([
      '"41.5": pass, 1',
      '"41.4": fail, 0',
    ])
    const { reason } = await gradeWith({ type: 'number', tolerance: 0.5 }, 'about 41.4', { expected: 42 })
    expect(reason).toMatch(/41\.4.*42/)
  })

  it('may be off by a share of it, or by the tolerance if that is more; an infinite number never passes', async () => {
    expect([
      await grade('44.1', { relative: 0.05 }),
      await grade('44.2', { relative: 0.05 }),
      await grade('46', { relative: 0.05, tolerance: 4 }),
      await grade('1e999', { relative: 1 }),
    ]).toEqual(['"44.1": pass, 1', '"44.2": fail, 0', '"46": pass, 1', '"1e999": fail, 0'])
  })

  it('is read with grouped digits, a comma or a minus sign as people write them', async () => {
    expect([await grade('4,200'), await grade('It is −1,234,567.5', {}, -1_234_567.5)]).toEqual([
      '"4,200": fail, 0',
      '"It is −1,234,567.5": pass, 1',
    ])
  })
})

it(`passes exactly within what is allowed: 300 generated answers, seed ${SEED}`, async () => {
  const pick = createPicker(SEED)
  for (let times = 0; times < 300; times++) {
    const [expected, first, last] = [pick(200) - 100, pick(200), pick(200) - 100]
    const [tolerance, relative, which] = [pick(20), pick(5) / 4, pick(2) === 0 ? 'first' : 'last']
    const got = which === 'first' ? first : last
    const isWithin = Math.abs(got - expected) <= Math.max(tolerance, relative * Math.abs(expected))
    const answer = `First we had ${first}, then it was ${last}.`
    const settings = { tolerance, relative, which }
    const about = `${JSON.stringify(settings)}, wanted ${expected}: `
    expect(about + (await grade(answer, settings, expected))).toBe(
      `${about}${JSON.stringify(answer)}: ${isWithin ? 'pass, 1' : 'fail, 0'}`,
    )
  }
})
