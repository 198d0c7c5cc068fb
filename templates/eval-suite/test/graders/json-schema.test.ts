import { describe, expect, it } from 'vitest'
import { gradeWith } from '../../../../test/graders/grading.ts'

const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: 'integer', minimum: 1 } },
  required: ['city'],
  additionalProperties: false,
}

describe('json-schema', () => {
  it.each([
    ['{"city":"Rome","people":3}', true],
    ['```json\n{"city":"Rome"}\n```', true],
    ['Here it is: {"city":"Rome"}', false],
    ['{"city":"Rome"} done', false],
    ['{"city":1}', false],
    ['{"city":"Rome","people":0}', false],
    ['{"city":"Rome","people":1e400}', false],
    ['{"city":"Rome","__proto__":{"city":"x"}}', false],
    ['{"city":NaN}', false],
    ['', false],
    ['[]', false],
  ])('%s: %s', async (text, pass) => {
    expect(await gradeWith({ type: 'json-schema', schema }, text)).toMatchObject({ pass })
  })

  it('names what is wrong and where', async () => {
    const { reason } = await gradeWith({ type: 'json-schema', schema }, '{"people":"x"}')
    expect(reason).toMatch(/city.*\/people must be integer|\/people must be integer.*city/)
  })

  it('fails what is too deep, instead of breaking on it', async () => {
    expect(await gradeWith({ type: 'json-schema', schema }, '['.repeat(100_000))).toMatchObject({
      pass: false,
      reason: expect.stringContaining('deeper'),
    })
  })
})
