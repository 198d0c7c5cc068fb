import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parseObject } from '#kit/structured/parse-object'
import { checkAnswer } from '../src/check.ts'
import { readSource } from '../src/evidence.ts'
import { readFields } from '../src/fields.ts'
import { order, orderAnswer, orderData, orderText } from './order.ts'

function check(shape: z.core.$ZodShape, text: string, answer: unknown) {
  return checkAnswer(readFields(z.object(shape)), answer, readSource(text))
}

/** One field, one answer to it. */
function checkOne(type: z.core.$ZodType, text: string, value: unknown, quote = text) {
  const { data, issues } = check({ field: type }, text, { field: [{ quote, value }] })
  return {
    value: Object.values(z.record(z.string(), z.json()).parse(data))[0],
    codes: issues.map(({ code }) => code),
  }
}

describe('an answer that the document supports', () => {
  it('becomes data, each value with the place of its quote', () => {
    const { data, evidence, issues } = checkAnswer(readFields(order), orderAnswer, readSource(orderText))
    expect({ data, issues }).toEqual({ data: orderData, issues: [] })
    for (const { quote, start, end } of Object.values(evidence))
      expect(orderText.slice(start, end)).toBe(quote)
    expect(evidence['articles.1.pieces']).toMatchObject({ quote: '1,200' })
  })

  it.each([
    [
      'a line break in the quote',
      z.string(),
      'The cause was a\n  full disk.',
      'a full disk',
      'was a full disk.',
    ],
    [
      'other quotes and dashes',
      z.string(),
      'the “north – south” link',
      '"north - south"',
      'the "north - south" link',
    ],
    ['Markdown in the document', z.string(), 'by **Maya _Lind_**', 'Maya Lind', undefined],
    ['thousands', z.int(), 'about 1,312 customers', 1312, undefined],
    ['a decimal comma', z.number(), '12,50 EUR', 12.5, undefined],
    ['thousands with a point', z.int(), '12.480 Kunden', 12480, undefined],
    ['millions', z.number(), '1.2 million requests', 1_200_000, undefined],
    ['a number in words', z.int(), 'three hosts', 3, undefined],
    ['a date in words', z.iso.date(), 'on March 3rd, 2026', '2026-03-03', undefined],
    ['a time zone', z.iso.datetime(), '2026-03-03 14:05 +02:00', '2026-03-03T12:05:00Z', undefined],
    ['a phone number', z.e164(), 'call +44 (0)20 7946 0958', '+442079460958', undefined],
  ])('is accepted with %s', (_, type, text, value, quote) => {
    expect(checkOne(type, text, value, quote)).toEqual({ value, codes: [] })
  })

  it('is brought into the form of the field where there is only one', () => {
    expect(checkOne(z.iso.date(), 'due 3 March 2026', '3 March 2026').value).toBe('2026-03-03')
    expect(checkOne(z.enum(['sev1', 'in_progress']), 'In progress', 'In Progress').value).toBe('in_progress')
    expect(checkOne(z.e164(), '+44 20 7946 0958', '+44 20 7946 0958').value).toBe('+442079460958')
  })

  it('converts a duration into the unit of the field, and nothing else', () => {
    const type = z.number().describe('duration in minutes')
    expect(checkOne(type, 'for 1 h 47 min', 107).value).toBe(107)
    expect(checkOne(type, 'for two hours', 120).value).toBe(120)
    expect(checkOne(type, 'from 14:00 to 15:00', 60).value).toBeNull()
  })
})

describe('a value that the document does not support is null, with the reason', () => {
  it.each([
    [
      'a quote that is not there',
      z.string(),
      'The disk was full.',
      'the cache',
      'It was the cache.',
      'quote-not-found',
    ],
    ['an empty quote', z.string(), 'The disk was full.', 'The disk', '', 'quote-not-found'],
    [
      'words that are not in the quote',
      z.string(),
      'The disk was full.',
      'a network fault',
      undefined,
      'unsupported',
    ],
    ['a number that is not in the quote', z.int(), '1,312 of 40,000', 1313, undefined, 'unsupported'],
    ['a part of a number', z.int(), 'INC-1042 and 10.5', 1042, undefined, 'unsupported'],
    ['another date', z.iso.date(), 'on 3 March 2026', '2026-03-04', undefined, 'unsupported'],
    ['a relative date', z.iso.date(), 'yesterday', '2026-03-04', undefined, 'unsupported'],
    [
      'another time zone',
      z.iso.datetime(),
      '2026-03-03 14:05 +02:00',
      '2026-03-03T14:06:00Z',
      undefined,
      'unsupported',
    ],
  ])('%s', (_, type, text, value, quote, code) => {
    expect(checkOne(type.nullable(), text, value, quote)).toEqual({ value: null, codes: [code] })
  })

  it('two different values are ambiguous, the same one twice is not', () => {
    const text = 'Severity 2. Later: severity 3.'
    const [two, three] = [
      { quote: 'Severity 2', value: 2 },
      { quote: 'severity 3', value: 3 },
    ]
    const run = (entries: unknown) => check({ level: z.int().nullable() }, text, { level: entries })
    expect(run([two, three])).toMatchObject({
      data: { level: null },
      evidence: {},
      issues: [{ code: 'ambiguous' }],
    })
    expect(run([two, two])).toMatchObject({ data: { level: 2 }, issues: [] })
  })

  it('what only a reader can judge is kept and flagged', () => {
    expect(checkOne(z.boolean(), 'Nobody lost anything.', false)).toEqual({
      value: false,
      codes: ['unclear'],
    })
    expect(checkOne(z.enum(['low', 'high']), 'It is on fire.', 'high')).toEqual({
      value: 'high',
      codes: ['unclear'],
    })
    expect(checkOne(z.iso.date(), 'on 03/04/2026', '2026-04-03')).toEqual({
      value: '2026-04-03',
      codes: ['unclear'],
    })
  })
})

describe('a value that is none of its type is rejected alone', () => {
  it.each([
    ['"1e400"', z.number(), '"1e400"'],
    ['1e400', z.number(), '1e400'],
    ['NaN', z.number(), 'NaN'],
    ['"12,5"', z.number(), '"12,5"'],
    ['"12"', z.int(), '"12"'],
    ['12.5 for an integer', z.int(), '12.5'],
    ['-1 below the limit', z.number().nonnegative(), '-1'],
    ['31 February', z.iso.date(), '"2026-02-31"'],
    ['31 Feb in words', z.iso.date(), '"31 Feb 2026"'],
    ['29 February of a common year', z.iso.date(), '"2025-02-29"'],
    ['25 o’clock', z.iso.datetime(), '"2026-02-03T25:00:00Z"'],
    ['"yes"', z.boolean(), '"yes"'],
    ['an unknown choice', z.enum(['a', 'b']), '"c"'],
    ['no address', z.email(), '"someone"'],
    ['an object', z.string(), '{"a":1}'],
  ])('%s', (_, type, json) => {
    const text = '1e400 NaN 12,5 12 12.5 -1 31 Feb 2026 2026-02-31 yes c someone and fine'
    const raw = `{"bad":[{"quote":${JSON.stringify(text)},"value":${json}}],"good":[{"quote":"fine","value":"fine"}]}`
    const parsed = parseObject(raw)
    const answer = 'value' in parsed ? parsed.value : parsed.problem
    const { data, issues } = check({ bad: type, good: z.string() }, text, answer)
    expect(data).toEqual({ bad: null, good: 'fine' })
    expect(issues[0]).toMatchObject({ path: 'bad', code: 'invalid' })
  })
})

describe('the schema wins', () => {
  it('drops keys that it does not have, and nothing reaches a prototype', () => {
    const parsed = parseObject(
      '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"approved":[{"quote":"a","value":"a"}],"name":[{"quote":"a","value":"a","__proto__":{"polluted":1}}]}',
    )
    const { data } = check({ name: z.string() }, 'a', 'value' in parsed ? parsed.value : undefined)
    expect(data).toEqual({ name: 'a' })
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })

  it('does not find inherited keys in an answer', () => {
    expect(
      check({ constructor: z.string().nullable(), toString: z.string().nullable() }, 'a', {}).issues,
    ).toMatchObject([
      { message: expect.stringContaining('not nothing') },
      { message: expect.stringContaining('not nothing') },
    ])
  })

  it.each([
    ['not an object', 'text'],
    ['null', null],
    ['a bare value', { rows: 'a' }],
    ['rows that are no objects', { rows: ['a', 1, null] }],
  ])('survives %s', (_, answer) => {
    const rows = z.array(z.object({ name: z.string(), due: z.iso.date().nullable() }))
    const { data, issues } = check({ rows }, 'a', answer)
    expect(data).toEqual({ rows: [] })
    expect(issues.length).toBeGreaterThan(0)
  })

  it('takes an object that may be missing for missing when something that it requires is', () => {
    const person = z.object({ name: z.string(), email: z.email().nullable() }).nullable()
    const email = [{ quote: 'a@b.example', value: 'a@b.example' }]
    const run = (name: unknown) => check({ person }, 'Ada a@b.example', { person: { name, email } })
    expect(run([])).toEqual({ data: { person: null }, evidence: {}, issues: [] })
    expect(run([{ quote: 'Ada', value: 'Ada' }]).data).toEqual({
      person: { name: 'Ada', email: 'a@b.example' },
    })
  })

  it('leaves out rows that lack what it requires, and bounds how many there are', () => {
    const rows = z.array(z.object({ name: z.string(), n: z.int().nullable() }))
    const row = (name: string) => ({ name: [{ quote: name, value: name }], n: [] })
    const { data, evidence, issues } = check({ rows }, 'a b', { rows: [row('x'), row('b')] })
    expect(data).toEqual({ rows: [{ name: 'b', n: null }] })
    expect(Object.keys(evidence)).toEqual(['rows.0.name'])
    expect(issues.map(({ code }) => code)).toEqual(['quote-not-found'])
    const many = check({ rows }, 'a', { rows: Array.from({ length: 10_000 }, () => row('a')) })
    expect(z.object({ rows: z.array(z.unknown()) }).parse(many.data).rows).toHaveLength(500)
  })
})
