import { describe, expect, it } from 'vitest'
import { collectDateContext, findDateMentions, listDateReadings } from '#kit/values/dates'
import { findNumberMentions, findTimeUnit } from '#kit/values/numbers'

describe('numbers in a text', () => {
  it.each([
    ['1,312 customers', [[1312, 1.312]]],
    ['1.312 customers', [[1.312, 1312]]],
    ['12,5 and 1.5', [[12.5], [1.5]]],
    ['1,234,567.89 or 1.234.567,89', [[1234567.89], [1234567.89]]],
    ["1'250,00", [[1250]]],
    ['3.2k, 4 million, 2bn', [[3200], [4_000_000], [2_000_000_000]]],
    ['-5 and −7', [[-5], [-7]]],
    ['$99.90, 20 %, 512MB', [[99.9], [20], [512]]],
    ['INC-1042, v2.1, 1.2.3, 14:05, 2026-03-03, 10.0.0.1, sha256', []],
    ['1e400', []],
  ])('%s', (text, readings) => {
    expect(findNumberMentions(text).map((mention) => mention.readings)).toEqual(readings)
  })

  it('reads durations in the unit of the field', () => {
    const inMinutes = (text: string) =>
      findNumberMentions(text, { unit: findTimeUnit('durationMinutes') }).map(({ readings }) => readings[0])
    expect(inMinutes('1 h 47 min')).toEqual([107])
    expect(inMinutes('2 hours and 30 minutes')).toEqual([150])
    expect(inMinutes('90 seconds')).toEqual([1.5])
    expect(inMinutes('47')).toEqual([47])
  })
})

describe('dates in a text', () => {
  const dates = (text: string) =>
    findDateMentions(text).flatMap((mention) => listDateReadings(mention, 'date', collectDateContext(text)))
  const times = (text: string) =>
    findDateMentions(text).flatMap((mention) =>
      listDateReadings(mention, 'date-time', collectDateContext(text)),
    )

  it.each([
    ['3 March 2026', ['2026-03-03']],
    ['March 3rd, 2026', ['2026-03-03']],
    ['03-Mar-2026', ['2026-03-03']],
    ['Sat, 14 Nov 2026', ['2026-11-14']],
    ['14.05.2026', ['2026-05-14']],
    ['25/04/2026', ['2026-04-25']],
    ['03/04/2026', ['2026-03-04', '2026-04-03']],
    ['31 Feb 2026, 31 February 2026, 2026-02-31, 31.02.2026, 31/02/2026', []],
    ['29 Feb 2025', []],
    ['yesterday, next Friday, in two weeks, today', []],
    ['within 3 days, in 2 weeks, 3 days ago, for 37 hours, 5 days after 3 March 2026', []],
    ['call 555-0100, version 1.2.3, at 9, May be', []],
  ])('%s', (text, expected) => {
    expect(dates(text)).toEqual(expected)
  })

  it.each([
    ['2026-03-03T14:05:09Z', ['2026-03-03T14:05:09Z']],
    ['2026-03-03 14:05 UTC', ['2026-03-03T14:05:00Z']],
    ['3 March 2026 at 2:05 pm', ['2026-03-03T14:05:00']],
    ['Tue, 14 Jul 2026 22:18 +02:00', ['2026-07-14T22:18:00+02:00']],
    ['2026-03-03', []],
    ['14:05 UTC', []],
  ])('%s is a moment only as far as it says', (text, expected) => {
    expect(times(text)).toEqual(expected)
  })

  it('takes a missing year, or a missing day of a time, from the document only where it has one', () => {
    expect(dates('Opened 2 May 2026, due 9 May')).toEqual(['2026-05-02', '2026-05-09'])
    expect(dates('Opened 2 May 2025, renewed 2 May 2026, due 9 May')).toEqual(['2025-05-02', '2026-05-02'])
    expect(times('2 May 2026\n14:05 UTC')).toEqual(['2026-05-02T14:05:00Z'])
  })
})
