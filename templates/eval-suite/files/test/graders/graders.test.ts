import { describe, expect, it } from 'vitest'
import { bindGraders, graderSpec, needsLabel } from '../../src/graders/registry.ts'
import { gradeWith, letterVectors } from './grading.ts'

describe('a grader in a case', () => {
  it.each([
    [{ type: 'exactly' }, /exact/],
    [{ type: 'exact', wanted: 'x' }, /wanted/],
    [{ type: 'contains', expected: [] }, /contains/],
    [{ type: 'contains', expected: ' ' }, /contains/],
    [{ type: 'regex', pattern: '(' }, /regular expression/],
    [{ type: 'regex', pattern: 'a', flags: 'g' }, /flags/],
    [{ type: 'number', tolerance: -1 }, /tolerance|number/],
    [{ type: 'similarity', atLeast: 0 }, /similarity/],
    [{ type: 'length', max: Number.NaN }, /length/],
    [{ type: 'judge', rubric: '../../etc/passwd' }, /repo root/],
    [{ type: 'json-schema', schema: { type: 'objct' } }, /json-schema/],
    [{ type: 'json-schema', schema: { minimun: 3 } }, /minimun/],
    [{ type: 'json-schema', schema: { properties: { a: {} }, required: ['a'] } }, /type/],
    [{}, /type/],
  ])('that means nothing is refused when the cases are read: %j', (spec, message) => {
    expect(graderSpec.safeParse(spec).error?.message).toMatch(message)
  })

  it('has its own name in reports, also when there are two of a kind', () => {
    const specs = [
      { type: 'contains', expected: 'a' },
      { type: 'contains', expected: 'b' },
      { type: 'exact', name: 'contains', expected: 'a' },
    ]
    const graders = bindGraders(
      specs.map((spec) => graderSpec.parse(spec)),
      { input: '' },
      letterVectors,
    )
    expect(Object.keys(graders)).toEqual(['contains', 'contains 2', 'contains 3'])
  })

  it('is needed: none would let everything pass', () => {
    expect(() => bindGraders([], { input: '' }, letterVectors)).toThrow('no grader')
  })

  it('takes what is expected from itself, else from the case, and is an error without', async () => {
    expect(await gradeWith({ type: 'exact' }, 'Paris', { expected: 'Paris' })).toMatchObject({ pass: true })
    expect(
      await gradeWith({ type: 'exact', expected: 'Rome' }, 'Paris', { expected: 'Paris' }),
    ).toMatchObject({ pass: false })
    await expect(async () => gradeWith({ type: 'exact' }, 'Paris')).rejects.toThrow('expected')
    await expect(async () => gradeWith({ type: 'number' }, '4', { expected: 'four' })).rejects.toThrow(
      'expects',
    )
    expect(
      [{ type: 'exact' }, { type: 'exact', expected: 'x' }, { type: 'latency', maxMs: 1 }].map((spec) =>
        needsLabel(graderSpec.parse(spec)),
      ),
    ).toEqual([true, false, false])
  })
})

describe('exact', () => {
  it.each([
    ['Paris', true],
    [' Paris\n', true],
    ['paris', false],
    ['Paris.', false],
    ['', false],
  ])('"%s": %s', async (text, pass) => {
    expect(await gradeWith({ type: 'exact', expected: 'Paris' }, text)).toMatchObject({ pass })
  })

  it('can take one of several, and any case', async () => {
    const spec = { type: 'exact', expected: ['yes', 'Ja'], ignoreCase: true }
    expect(await gradeWith(spec, 'JA')).toMatchObject({ pass: true })
  })

  it('does not tell apart two ways to write an accent', async () => {
    expect(await gradeWith({ type: 'exact', expected: 'caf\u00e9' }, 'cafe\u0301')).toMatchObject({
      pass: true,
    })
  })
})

describe('words', () => {
  it('contains wants all, excludes none, facts a share, length a range', async () => {
    expect(await gradeWith({ type: 'contains', expected: ['a1', 'b2'] }, 'A1')).toMatchObject({
      pass: false,
      score: 0.5,
    })
    expect(await gradeWith({ type: 'excludes', texts: ['secret'] }, 'no SECRET here')).toMatchObject({
      pass: false,
    })
    expect(
      await gradeWith({ type: 'facts', facts: [['30 days'], ['60 euros']], atLeast: 0.5 }, 'in 30 days'),
    ).toMatchObject({ pass: true, score: 0.5 })
    expect(await gradeWith({ type: 'length', max: 3 }, 'one two three four')).toMatchObject({
      pass: false,
      score: 0.75,
    })
  })

  it('no-invented-numbers compares with the sources, or with the input', async () => {
    const sources = [{ document: 'a.md', text: 'It costs 60 euros.' }]
    expect(await gradeWith({ type: 'no-invented-numbers' }, '60', { sources })).toMatchObject({ pass: true })
    expect(await gradeWith({ type: 'no-invented-numbers' }, '61', { sources })).toMatchObject({ pass: false })
    expect(
      await gradeWith({ type: 'no-invented-numbers', of: 'input' }, '61', { input: '61 of them' }),
    ).toMatchObject({ pass: true })
    await expect(async () => gradeWith({ type: 'no-invented-numbers' }, '61')).rejects.toThrow('no source')
  })
})

describe('similarity', () => {
  const spec = { type: 'similarity', expected: 'abc', atLeast: 0.9 }

  it('is the cosine, and says whose vectors they are', async () => {
    expect(await gradeWith(spec, 'cab')).toMatchObject({
      pass: true,
      score: 1,
      reason: expect.stringContaining('letters'),
    })
    expect(await gradeWith(spec, 'xyz')).toMatchObject({ pass: false, score: 0 })
  })

  it('fails an empty answer without asking for a vector', async () => {
    const tools = { ...letterVectors, embed: () => Promise.reject(new Error('asked')) }
    expect(await gradeWith(spec, ' \n', { tools })).toMatchObject({ pass: false })
  })

  it.each([
    [
      'zeros',
      [
        [0, 0],
        [1, 0],
      ],
    ],
    [
      'NaN',
      [
        [Number.NaN, 0],
        [1, 0],
      ],
    ],
    ['two sizes', [[1], [1, 0]]],
    ['nothing', []],
  ])('is an error for vectors of %s', async (_name, vectors) => {
    const tools = { ...letterVectors, embed: async () => ({ vectors, model: 'broken' }) }
    await expect(async () => gradeWith(spec, 'abc', { tools })).rejects.toThrow('vector')
  })
})

describe('limits', () => {
  it('of time', async () => {
    expect(await gradeWith({ type: 'latency', maxMs: 100 }, 'x', { latencyMs: 100 })).toMatchObject({
      pass: true,
      score: 1,
    })
    expect(await gradeWith({ type: 'latency', maxMs: 100 }, 'x', { latencyMs: 400 })).toMatchObject({
      pass: false,
      score: 0.25,
    })
    await expect(async () =>
      gradeWith({ type: 'latency', maxMs: 100 }, 'x', { latencyMs: Number.NaN }),
    ).rejects.toThrow('NaN')
  })

  it('of money, where an unknown price is no zero', async () => {
    expect(await gradeWith({ type: 'cost', maxUsd: 0.01 }, 'x', { costUsd: 0.02 })).toMatchObject({
      pass: false,
      score: 0.5,
    })
    expect(await gradeWith({ type: 'cost', maxUsd: 0 }, 'x', { costUsd: 0 })).toMatchObject({ pass: true })
    await expect(async () => gradeWith({ type: 'cost', maxUsd: 1 }, 'x', { costUsd: null })).rejects.toThrow(
      'unknown',
    )
  })
})
