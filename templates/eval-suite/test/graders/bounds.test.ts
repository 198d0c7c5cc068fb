import { describe, expect, it } from 'vitest'
import { bindGraders, graderSpec } from '../../../../src/graders/registry.ts'
import { gradeWith, letterVectors } from '../../../../test/graders/grading.ts'

describe('regex', () => {
  it('matches somewhere, or nowhere with `absent`', async () => {
    expect(await gradeWith({ type: 'regex', pattern: '^\\d+ days$' }, '30 days')).toMatchObject({
      pass: true,
    })
    expect(
      await gradeWith({ type: 'regex', pattern: 'sorry', flags: 'i', absent: true }, 'Sorry'),
    ).toMatchObject({ pass: false })
  })

  it('that would run until the end of time is an error, soon', async () => {
    const text = `${'a'.repeat(60)}!`
    await expect(async () => gradeWith({ type: 'regex', pattern: '^(a+)+$' }, text)).rejects.toThrow(
      'gave up after 1000 ms',
    )
    const schema = { type: 'string', pattern: '^(a+)+$' }
    await expect(async () =>
      gradeWith({ type: 'json-schema', schema }, JSON.stringify(text)),
    ).rejects.toThrow('gave up')
  })
})

describe('an answer that is made to stop the run', () => {
  const sources = [{ document: 'a.md', text: 'The deposit is 60 euros.' }]

  it.each([
    [{ type: 'json-schema', schema: true }, `"${'\\"'.repeat(90_000)}`],
    [{ type: 'number', expected: 7 }, '1,111'.repeat(40_000)],
    [{ type: 'facts', facts: [['a b']] }, 'a '.repeat(100_000)],
    [{ type: 'length', max: 3 }, 'a '.repeat(50_000)],
    [{ type: 'citations' }, '“'.repeat(200_000)],
    [{ type: 'exact', expected: 'a' }, 'a'.repeat(200_001)],
    [{ type: 'excludes', texts: ['b'] }, 'a'.repeat(200_001)],
  ])('is failed by %j', async (spec, text) => {
    expect(await gradeWith(spec, text, { sources })).toMatchObject({ pass: false })
  })

  it('is an error when it takes too long, whatever the grader', async () => {
    const spec = graderSpec.parse({ type: 'no-invented-numbers', of: 'input' })
    const graders = bindGraders<object>([spec], { input: '' }, letterVectors, { mostMs: 200 })
    const { signal } = new AbortController()
    const context = { sources, citations: [], latencyMs: 1, costUsd: 0, signal }
    const grade = graders['no-invented-numbers']
    await expect(async () => grade?.('1'.repeat(100_000), {}, context)).rejects.toThrow(
      'gave up after 200 ms',
    )
  })
})
