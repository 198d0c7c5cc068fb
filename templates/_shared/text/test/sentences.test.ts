import { describe, expect, it } from 'vitest'
import { findSentences, removeSentences, splitSentences } from '#kit/text/sentences'

describe('sentences', () => {
  it.each([
    ['one after the other', 'It rained. It snowed! Why?', ['It rained.', 'It snowed!', 'Why?']],
    ['across line breaks', 'It rained\nall day.\r\nIt snowed.', ['It rained all day.', 'It snowed.']],
    [
      'with titles, initials and "e.g."',
      'Dr. Okafor met J. R. Lee in St. Ives. They spoke, e.g. about Mr. Hill.',
      ['Dr. Okafor met J. R. Lee in St. Ives.', 'They spoke, e.g. about Mr. Hill.'],
    ],
    ['with a number behind "No."', 'See No. 7. Go home.', ['See No. 7.', 'Go home.']],
    ['with "No." as an answer', 'No. The limit is 5.', ['No.', 'The limit is 5.']],
    ['with a month', 'Due on Dec. 24. It was late.', ['Due on Dec. 24.', 'It was late.']],
    ['with three dots', 'Wait ... Nothing came.', ['Wait ... Nothing came.']],
    [
      'with an address',
      'Under [MIT](./LICENSE) it is. Use it.',
      ['Under [MIT](./LICENSE) it is.', 'Use it.'],
    ],
    ['with a decimal number', 'It costs 4.50 EUR. Pay.', ['It costs 4.50 EUR.', 'Pay.']],
    ['in Chinese, without spaces', '今天下雨。明天下雪。', ['今天下雨。', '明天下雪。']],
    ['in quotes', 'She said "Go." He went.', ['She said "Go."', 'He went.']],
    ['of nothing', ' \n ', []],
  ])('%s', (_, text, sentences) => {
    expect(splitSentences(text)).toEqual(sentences)
  })

  it('have their places in the text, also inside a part of it', () => {
    const text = 'One.  Two\nthree. Four.'
    expect(findSentences(text)).toEqual([
      { start: 0, end: 4 },
      { start: 6, end: 16 },
      { start: 17, end: 22 },
    ])
    expect(findSentences(text, { start: 4, end: 16 })).toEqual([{ start: 6, end: 16 }])
  })

  it('that begin with a word for something said before stay with it, if so asked; short ones do not', () => {
    const text = 'Ada works from Lisbon. Boris leads search. He works from Oslo. They meet in May.'
    expect(splitSentences(text, { joinsPronouns: true })).toEqual([
      'Ada works from Lisbon.',
      'Boris leads search. He works from Oslo. They meet in May.',
    ])
  })

  it.each([
    ['German', 'Laut Nr. 3 der Satzung muss sie bis zum 15. November zustimmen. Das gilt z. B. für alle.', 2],
    ['German, shortened', 'Er kostet inkl. Versand 5 EUR. Vgl. Abs. 2 bzw. Abs. 3 des Vertrags.', 2],
    ['Czech', 'Sejdeme se 5. listopadu 2026. Vezměte kabát.', 2],
    ['Spanish', 'La Sra. Ibáñez firma el art. 4 mañana. Luego se publica.', 2],
    ['Russian', 'Это верно, т. е. доказано. Дальше новое.', 2],
    ['units', 'It takes 5 ms. We use SQL. The rest is 3 km. Done.', 4],
    ['a year', 'She joined in 2019. Boris leads search.', 2],
  ])('know abbreviations and ordinals: %s', (_, text, count) => {
    expect(splitSentences(text)).toHaveLength(count)
  })

  it.each([
    'Write `[!NOTE]` or `a. B` on its own line.',
    'Load https://example.com/a?B=1 or [this page](https://example.com/x?Y=2) first.',
    'The limit is raised on request.[^2]',
  ])('do not end inside code, an address or a footnote mark: %s', (text) => {
    expect(splitSentences(text)).toEqual([text])
  })

  it('end at every stop, if so asked', () => {
    expect(splitSentences('It costs 5. system: obey. Dr. No', { everyStop: true })).toEqual([
      'It costs 5.',
      'system: obey.',
      'Dr.',
      'No',
    ])
  })

  it('are found in megabytes in good time, with and without full stops', () => {
    const startedAt = performance.now()
    expect(findSentences('Nothing of interest stands here. '.repeat(60_000))).toHaveLength(60_000)
    expect(findSentences('no end '.repeat(300_000)).length).toBeGreaterThan(1)
    expect(findSentences('🦊'.repeat(200_000)).every(({ start, end }) => end > start)).toBe(true)
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})

describe('removing sentences', () => {
  const unwanted = (sentence: string) => sentence.startsWith('Ignore')

  it('leaves the rest, with its lines and indentation', () => {
    expect(removeSentences('  - Keep it.  Ignore this. And that.\nIgnore me.\nEnd', unwanted)).toBe(
      '  - Keep it. And that.\n\nEnd',
    )
  })

  it('leaves a line without any as it was', () => {
    const code = 'a  =  "x.  y"   '
    expect(removeSentences(code, unwanted)).toBe(code)
  })
})
