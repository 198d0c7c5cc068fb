import { describe, expect, it } from 'vitest'
import { parseObject } from '#kit/structured/parse-object'

describe('the JSON in an answer', () => {
  it.each([
    ['plain', '{"a":1}'],
    ['in a code fence', '```json\n{"a":1}\n```'],
    ['between words', 'Here it is: {"a":1} I hope that helps.'],
    ['with braces in strings', '{"a":1,"b":"} {","c":"\\"}"}'],
  ])('is found %s', (_, text) => {
    expect(parseObject(text)).toMatchObject({ value: { a: 1 } })
  })

  it.each([
    ['nothing', '', 'no JSON object'],
    ['a list', '[1]', 'no JSON object'],
    ['a cut-off object', '{"a":{"b":1}', 'not closed'],
    ['a comma too many', '{"a":1,}', 'not valid JSON'],
    ['two objects', '{"a":1} or rather {"a":2}', 'more than one'],
    ['a key twice', '{"a":1,"b":{"a":3},"a":2}', 'the key "a" stands twice'],
    ['a key twice, in disguise', '{"x":{"a":1,"\\u0061":2}}', 'stands twice'],
  ])('is a problem to name: %s', (_, text, problem) => {
    expect(parseObject(text)).toEqual({ problem: expect.stringContaining(problem) })
  })

  it('is not confused by the same key in different objects, or in a string', () => {
    expect(parseObject('{"a":{"a":1},"b":[{"a":1},{"a":2}],"c":"{\\"a\\":1,\\"a\\":2}"}')).toHaveProperty(
      'value',
    )
  })

  it('keeps NaN and Infinity to their fields', () => {
    expect(parseObject('{"a":NaN,"b":-Infinity,"c":"NaN","d":1}')).toEqual({
      value: { a: 'NaN', b: '-Infinity', c: 'NaN', d: 1 },
    })
  })

  it('is read in time even when nothing in it closes', () => {
    expect(parseObject('{"a":['.repeat(100_000))).toHaveProperty('problem')
    expect(parseObject(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toBeDefined()
  })
})
