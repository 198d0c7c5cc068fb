import { describe, expect, it } from 'vitest'
import { createRandom, SEED } from '#kit/testing/random'
import { findQuote, readSource } from '../src/evidence.ts'

const find = (text: string, quote: string) => findQuote(readSource(text), quote)

describe('the place of a quote', () => {
  it('is where its words begin and end in the document', () => {
    expect(find('The disk was full.', 'disk was')).toEqual({ quote: 'disk was', start: 4, end: 12 })
  })

  it('is undefined for words that are not there, or not in this order, and for a quote without words', () => {
    const quotes = ['cache', 'was disk', 'Disk was', 'full. Really', '', ' \n ']
    expect(quotes.map((quote) => find('The disk was full.', quote))).toEqual(quotes.map(() => undefined))
  })

  it('is the first of several', () => {
    expect(find('A disk. A disk.', 'A disk')).toEqual({ quote: 'A disk', start: 0, end: 6 })
  })

  it('does not depend on line breaks and spaces; the evidence is the text of the document', () => {
    const text = 'The disk\n   was\tfull.'
    expect(find(text, ' disk  was\nfull. ')).toEqual({ quote: 'disk\n   was\tfull.', start: 4, end: 21 })
  })

  it('does not depend on kinds of quotes and dashes, or on characters that are not seen', () => {
    const text = 'the “north – south” li\u00adnk'
    expect(find(text, '"north - south" link')).toEqual({ quote: text.slice(4), start: 4, end: text.length })
  })

  it(`is found again, wherever the words stand and however they are spaced (seed ${SEED})`, () => {
    const random = createRandom()
    const space = () => random.pick([' ', ' ', '  ', '\n', '\n\n  ', '\t'])
    for (let round = 0; round < 300; round++) {
      const words = Array.from({ length: random.whole(3, 40) }, () =>
        random.pick(['disk', 'full', 'a.b', '(c)', '3.20', 'Öl', '🚒', 'x*', '$1', 'disks']),
      )
      const text = `${random.pick(['', '\n', '  '])}${words.map((word) => word + space()).join('')}`
      const from = random.whole(0, words.length - 1)
      const chosen = words.slice(from, random.whole(from + 1, words.length))
      const quote = chosen.map((word) => space() + word).join('')
      expect(find(text, quote), JSON.stringify({ text, quote })).toEqual(searchSlowly(text, chosen))
    }
  })

  it('is found in time that grows with the document and the quote, not with both multiplied', () => {
    const text = `${'word\n'.repeat(10_000)}the end`
    const source = readSource(text)
    expect(findQuote(source, 'the  end')).toEqual({ quote: 'the end', start: 50_000, end: 50_007 })
    for (let round = 0; round < 200; round++) expect(findQuote(source, `word ${round}`)).toBeUndefined()
  }, 20_000)
})

/** Tries every place with a pattern for the words: slow, and plain. */
function searchSlowly(text: string, words: readonly string[]) {
  const escaped = words.map((word) => word.replaceAll(/[$()*.]/g, '\\$&'))
  const match = new RegExp(escaped.join('\\s+')).exec(text)
  return match && { quote: match[0], start: match.index, end: match.index + match[0].length }
}
