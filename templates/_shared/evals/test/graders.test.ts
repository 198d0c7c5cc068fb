import { describe, expect, it } from 'vitest'
import {
  contains,
  containsNone,
  factsKept,
  lengthBetween,
  noInventedNumbers,
  regex,
} from '#kit/evals/graders'

describe('factsKept', () => {
  const facts = [['41,800', '41.8k'], ['health check'], ['20 March', 'March 20']]
  const grade = factsKept<object>({ facts, atLeast: 0.6 })

  it('scores the share of facts that stand there in any accepted spelling', () => {
    expect(grade('On March 20 the Health  Check failed.', {})).toEqual({
      pass: true,
      score: 2 / 3,
      reason: '2 of 3 facts kept, missing "41,800"',
    })
  })

  it('fails below the wanted share', () =>
    expect(grade('A health check.', {})).toMatchObject({ pass: false }))

  it('sees through typographic quotes, dashes and no-break spaces', () => {
    const typed = factsKept<object>({ facts: [["it's on-call"], ['17 %']] })
    expect(typed('it’s on‑call, 17\u00a0%', {})).toMatchObject({ pass: true, score: 1 })
  })

  it.each([
    ['10', '100 people'],
    ['10', '10.5 people'],
    ['10', '1,100 or 1,10'],
    ['art', 'a start'],
  ])('does not take a part for the whole: %s in "%s"', (fact, output) => {
    expect(factsKept<object>({ facts: [[fact]] })(output, {})).toMatchObject({ pass: false })
  })

  it('finds spellings that hold characters with a meaning in patterns', () => {
    expect(factsKept<object>({ facts: [['a-b/c (x+y)? $5']] })('see a-b/c (x+y)? $5!', {})).toMatchObject({
      pass: true,
    })
  })

  it.each([[[]], [[['']]], [[[' ']]]])('throws for facts that any answer would keep: %j', (empty) => {
    expect(() => factsKept<object>({ facts: empty })('text', {})).toThrow('factsKept')
  })
})

describe('noInventedNumbers', () => {
  const grade = async (source: string, output: string, words = false) =>
    noInventedNumbers<object>({ source, words })(output, {})

  it.each([
    ['1,200 users', '1200 users'],
    ['1200 users', '1.2k users'],
    ['1\u202f200 users', '1,200 users'],
    ['$2.5 million', '$2.5m'],
    ['2,500,000 dollars', '2.5 million dollars'],
    ['grew 12%', 'grew 12 percent'],
    ['grew 12 per cent', 'grew 12 %'],
    ['from 3 to 5 million', 'from 3 million to 5 million'],
    ['10-12%', 'between 10% and 12%'],
    ['the 3rd of May', 'May 3'],
    ['the third region', 'region 3'],
    ['three regions', '3 regions'],
    ['twenty-five nodes', '25 nodes'],
    ['two million rows', '2,000,000 rows'],
    ['5 March 2026', '2026-03-05'],
    ['2026-03-05T14:30:00Z', 'March 5, 2026 at 2:30 pm'],
    ['at 14:30', 'at 2.30 p.m.'],
    ['from 2 pm to 4 pm', 'from 2 to 4 pm'],
    ['at 2:30', 'at 14:30'],
    ['version 1.2.3', 'v1.2.3'],
    ['0.50 per unit', '0.5 per unit'],
    ['id 12345678901234567890', '12345678901234567890'],
    ['in 2026.', '2026'],
    ['it costs 12,5 euros', '12.5 euros'],
    ['no digits', '1. First point\n2. Second point'],
    ['no digits', 'one of them, and two more'],
  ])('"%s" covers "%s"', async (source, output) => {
    expect(await grade(source, output)).toMatchObject({ pass: true, score: 1 })
  })

  it.each([
    ['1,200 users', '1,300 users', '1,300'],
    ['3 million users', '3 users', '3'],
    ['12 people', '12% of people', '12%'],
    ['grew 12%', 'grew by 12', '12'],
    ['at 14:30', 'at 2:30 am', '2:30 am'],
    ['version 1.2.3', 'version 1.2.4', '1.2.4'],
    ['id 12345678901234567890', 'id 12345678901234567891', '12345678901234567891'],
    ['you may leave', '5 leave', '5'],
    ['two million rows', 'three million rows', '3 million'],
  ])('"%s" does not cover "%s"', async (source, output, invented) => {
    expect(await grade(source, output)).toMatchObject({
      pass: false,
      reason: `not in the source: "${invented}"`,
    })
  })

  it('scores the share of numbers that stand in the source', async () => {
    expect(await grade('1 2 3', '1 2 3 4')).toMatchObject({ score: 0.75 })
  })

  it('reads number words of the output only when asked to', async () => {
    expect(await grade('nine engineers', 'seven engineers')).toMatchObject({ pass: true })
    expect(await grade('nine engineers', 'seven engineers', true)).toMatchObject({ pass: false })
  })
})

describe('lengthBetween', () => {
  const grade = lengthBetween<{ max: number }>({ min: 4, max: ({ max }) => max })

  it.each([
    ['one two', false, 0.5],
    ['one two three four', true, 1],
    ['one, two; three: four - five', true, 1],
    ['one two three four five six seven eight nine ten', false, 0.5],
    ['', false, 0],
  ])('"%s": pass %s, score %d', (output, pass, score) => {
    expect(grade(output, { max: 5 })).toMatchObject({ pass, score })
  })
})

describe('containsNone', () => {
  const grade = containsNone<object>({ texts: ['Cat', 'dog'] })

  it('passes an output without any of the texts, and a case that forbids nothing', () => {
    expect(grade('A horse.', {})).toMatchObject({ pass: true, score: 1 })
    expect(containsNone<object>({ texts: [] })('A cat.', {})).toMatchObject({ pass: true, score: 1 })
  })

  it('fails for one of them in any case, and says which', () => {
    expect(grade('A CAT.', {})).toEqual({ pass: false, score: 0, reason: 'says "Cat"' })
  })
})

describe('contains and regex', () => {
  it('finds every text, letter case aside', () => {
    const grade = contains<object>({ texts: ['Alpha', 'beta'] })
    expect(grade('ALPHA and Beta', {})).toMatchObject({ pass: true, score: 1 })
    expect(grade('alpha', {})).toEqual({ pass: false, score: 0.5, reason: 'missing "beta"' })
  })

  it('gives the same verdict twice with a global pattern', () => {
    const grade = regex<object>({ pattern: /\d+/g })
    expect([grade('a1', {}), grade('a1', {})]).toMatchObject([{ pass: true }, { pass: true }])
  })

  it('can ask for a pattern to be absent', () => {
    expect(regex<object>({ pattern: /sorry/i, absent: true })('Sorry!', {})).toMatchObject({
      pass: false,
      score: 0,
    })
  })
})
