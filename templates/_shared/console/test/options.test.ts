import { describe, expect, it } from 'vitest'
import { UsageError } from '#kit/console/errors'
import { parseArguments, parseChoice, parseDollars, parseWholeNumber } from '#kit/console/options'

const OPTIONS = { style: { type: 'string' }, json: { type: 'boolean' } } as const

describe('arguments', () => {
  it('are options by their names, and the rest in order', () => {
    const { values, positionals } = parseArguments(['a', '--json', '--style', 'tldr', 'b'], OPTIONS)
    expect({ ...values, positionals }).toEqual({ json: true, style: 'tldr', positionals: ['a', 'b'] })
  })

  it.each([
    [['--nope'], "Unknown option '--nope'"],
    [['--style'], "Option '--style <value>' argument missing"],
    [['--json=yes'], "Option '--json' does not take an argument"],
  ])('%j are refused in one sentence', (args, message) => {
    expect(() => parseArguments(args, OPTIONS)).toThrow(new UsageError(message))
  })
})

describe('the value of an option', () => {
  it('is one of its choices, or all of them are listed', () => {
    expect(parseChoice('--style', ['tldr', 'bullets'], 'bullets')).toBe('bullets')
    expect(() => parseChoice('--style', ['tldr', 'bullets'], 'haiku')).toThrow(
      new UsageError('--style must be tldr, bullets; found "haiku"'),
    )
  })

  it.each(['0', '33', '4.0', '1e1', '0x4', '-1', '', ' 4', 'four', '9'.repeat(400)])(
    'is not a whole number from 1 to 32: %j',
    (value) => expect(() => parseWholeNumber('--concurrency', 1, 32, value)).toThrow(UsageError),
  )

  it.each(['0', '0.0', '-1', '1e3', '', '1,5', 'NaN', 'Infinity', '$1', '1.'])(
    'is not an amount of dollars: %j',
    (value) => expect(() => parseDollars('--max-cost', value)).toThrow(UsageError),
  )

  it('is a number otherwise', () => {
    expect([
      parseWholeNumber('--concurrency', 1, 32, '1'),
      parseWholeNumber('--concurrency', 1, 32, '32'),
    ]).toEqual([1, 32])
    expect(['.5', '0.05', '2', undefined].map((value) => parseDollars('--max-cost', value))).toEqual([
      0.5,
      0.05,
      2,
      undefined,
    ])
  })
})
