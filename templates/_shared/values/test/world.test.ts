import { describe, expect, it } from 'vitest'
import { collectDateContext, findDateMentions, listDateReadings } from '#kit/values/dates'
import { countsTime, findNumberMentions, readNumberStyle } from '#kit/values/numbers'

const read = (text: string) => findNumberMentions(text).map(({ readings }) => readings)

describe('numbers as countries write them', () => {
  it.each([
    ['1 250,00 € (no-break space)'.replace('1 250', '1\u00a0250'), [1250]],
    ['12 500 €', [12500]],
    ['12\u202f500,75 €', [12500.75]],
    ['Das kostet 1.487,50 €', [1487.5]],
    ['₹ 1,23,456.00', [123456]],
    ['1,00,000', [100000]],
    ['1’250.50 CHF', [1250.5]],
    ['1.500,-', [1500]],
    ['(100.00)', [-100]],
    ['(EUR 1.250,00)', [-1250]],
    ['20,00-', [-20]],
    ['１２，５００円', [12500]],
    ['答えは４２です。', [42]],
    ['30일이내에', [30]],
    ['١٢٣٫٥', [123.5]],
    ['४५ किलो', [45]],
  ])('%s', (text, [value]) => {
    expect(read(text)[0]?.[0]).toBe(value)
  })

  it.each([
    ['1,5 Mio. EUR', 1_500_000],
    ['3,2 Mrd.', 3_200_000_000],
    ['2,5 mln zł', 2_500_000],
    ['2,3 millones', 2_300_000],
    ['3万円', 30_000],
    ['3억 원', 300_000_000],
    ['4 crore', 40_000_000],
  ])('reads a factor in the language of the number: %s', (text, value) => {
    expect(read(text)[0]?.[0]).toBe(value)
  })

  it('have two readings where the text does not show its decimal mark, and one where it does', () => {
    expect(read('1.250 EUR')).toEqual([[1.25, 1250]])
    expect(read('1.250 EUR and 237,50 EUR')).toEqual([[1250], [237.5]])
    expect(read('1.250 kg and 12.50 kg')).toEqual([[1.25], [12.5]])
    expect(read('It is 1,312 for each of the ships that we have')).toEqual([[1312]])
    const style = readNumberStyle('Summe 99,90')
    expect(findNumberMentions('1.250', { style }).map(({ readings }) => readings)).toEqual([[1250]])
  })

  it.each(['10.0.0.1', '1.2.3', 'v2.1', 'INC-1042', '2026-03-09', '14:05', 'sha256', '1e400'])(
    'are not in %s',
    (text) => {
      expect(read(text)).toEqual([])
    },
  )

  it('keep their place in a text with other digits', () => {
    const text = '価格は１２３円、次は४५'
    expect(findNumberMentions(text).map(({ start, end }) => text.slice(start, end))).toEqual(['１２３', '४५'])
  })

  it.each([
    ['30 days', true],
    ['30 jours', true],
    ['30 Tage', true],
    ['30 daylilies', false],
    ['30 EUR', false],
  ])('count time: %s, %s', (text, expected) => {
    expect(countsTime(text, 2)).toBe(expected)
  })
})

describe('dates as countries write them', () => {
  const dates = (text: string) =>
    findDateMentions(text).flatMap((mention) => listDateReadings(mention, 'date', collectDateContext(text)))

  it.each([
    ['15. März 2026', '2026-03-15'],
    ['3 août 2026', '2026-08-03'],
    ['1er janvier 2026', '2026-01-01'],
    ['3 de marzo de 2026', '2026-03-03'],
    ['3 di giugno 2026', '2026-06-03'],
    ['12 marca 2026', '2026-03-12'],
    ['5. listopadu 2026', '2026-11-05'],
    ['9 марта 2026 г.', '2026-03-09'],
    ['9 Μαρτίου 2026', '2026-03-09'],
    ['2026. március 9.', '2026-03-09'],
    ['2026 m. kovo 9 d.', '2026-03-09'],
    ['9. maaliskuuta 2026', '2026-03-09'],
    ['9 Mart 2026', '2026-03-09'],
    ['ngày 9 tháng 3 năm 2026', '2026-03-09'],
    ['9 มีนาคม 2569', '2026-03-09'],
    ['9 مارس 2026', '2026-03-09'],
    ['2026年3月9日', '2026-03-09'],
    ['令和8年3月9日', '2026-03-09'],
    ['2026년 3월 9일', '2026-03-09'],
    ['03.02.26', '2026-02-03'],
    ['31/12/25', '2025-12-31'],
    ['2026/03/09', '2026-03-09'],
    ['3. 5. 2026', '2026-05-03'],
  ])('%s', (text, date) => {
    expect(dates(text)).toEqual([date])
  })

  it('have both readings where the order of day and month is not shown, and one where another date shows it', () => {
    expect(dates('03-04-2026')).toEqual(['2026-03-04', '2026-04-03'])
    expect(dates('03-04-2026, 25-04-2026')).toEqual(['2026-04-03', '2026-04-25'])
    expect(dates('03/04/2026, 04/25/2026')).toEqual(['2026-03-04', '2026-04-25'])
    expect(dates('5 listopada 2026')).toEqual(['2026-10-05', '2026-11-05'])
  })

  it('have both days of a range', () => {
    expect(dates('3 to 9 March 2027')).toEqual(['2027-03-03', '2027-03-09'])
    expect(dates('vom 3. bis 9. März 2027')).toEqual(['2027-03-03', '2027-03-09'])
    expect(dates('March 3–9, 2027')).toEqual(['2027-03-03', '2027-03-09'])
  })

  it('have their time, and the zone that is given', () => {
    const times = (text: string) =>
      findDateMentions(text).map(({ dates: [date], time, offset }) =>
        [date, time, offset].filter(Boolean).join(' '),
      )
    expect(times('am 12.10.2026 um 14.05 Uhr')).toEqual(['2026-10-12 14:05:00'])
    expect(times('le 3 août 2026 à 14h05')).toEqual(['2026-08-03 14:05:00'])
    expect(times('14:05 UTC on 12 October 2026')).toEqual(['2026-10-12 14:05:00 Z'])
  })
})
