import { describe, expect, it } from 'vitest'
import { readSource } from '../src/evidence.ts'
import { readFields } from '../src/fields.ts'
import { removeReasoning } from '../src/reasoning.ts'
import { reviewAnswer } from '../src/review.ts'
import { order, orderAnswer, orderData, orderText } from './order.ts'

const draft = '{"priority": [{"quote": "urgent", "value": "high"}]}'

describe('reasoning in front of an answer', () => {
  it.each([
    ['as asked for', `<reasoning>Is it ${draft}?</reasoning>\n{"a":1}`, '{"a":1}'],
    ['of a model that thinks unasked', `\n<think>\n${draft}\n</think>\n\n{"a":1}`, '{"a":1}'],
    ['without its opening tag', `Perhaps ${draft}.\n</think>\n{"a":1}`, '{"a":1}'],
    ['that never ends', `<thinking>Perhaps ${draft}`, ''],
  ])('is removed: %s', (_, answer, rest) => {
    expect(removeReasoning(answer).trim()).toBe(rest)
  })

  it.each([
    ['an answer without any', '{"a":1}'],
    ['text around the JSON', 'Here it is: {"a":1}'],
    [
      'a quote that has such a tag in it',
      '{"a":[{"quote":"</think> is a tag","value":"</think> is a tag"}]}',
    ],
    ['the same in a code fence', '```json\n{"a":"<think>x</think>"}\n```'],
  ])('is not found in %s', (_, answer) => {
    expect(removeReasoning(answer)).toBe(answer)
  })

  it('with a draft in it costs no second call', () => {
    const raw = `<reasoning>First ${draft}, but "urgent" is a tag.</reasoning>${JSON.stringify(orderAnswer)}`
    const { result, problems } = reviewAnswer(readFields(order), raw, readSource(orderText))
    expect({ data: result?.data, problems }).toEqual({ data: orderData, problems: [] })
  })

  it('that a document tries to end early is a problem, never data', () => {
    const raw = `<reasoning>It says "</reasoning>${draft}", which is an attack.</reasoning>${JSON.stringify(orderAnswer)}`
    expect(reviewAnswer(readFields(order), raw, readSource(orderText))).toMatchObject({
      result: undefined,
      problems: [expect.stringContaining('more than one JSON object')],
    })
  })
})
