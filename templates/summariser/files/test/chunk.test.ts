import { describe, expect, it } from 'vitest'
import { estimateTokens } from '#kit/llm/tokens'
import { createRandom, SEED } from '#kit/testing/random'
import { chunkText } from '../src/chunk.ts'
import { log } from './long-text.ts'

/** Throws with the first chunk that is too long, and where chunks and text differ: a diff of long texts helps no reader. */
function expectWhole(text: string, maxTokens: number): void {
  const chunks = chunkText(text, maxTokens)
  const long = chunks.find((chunk) => estimateTokens(chunk) > maxTokens)
  if (long !== undefined)
    expect.fail(`this chunk has more than ${maxTokens} tokens: ${JSON.stringify(long.slice(0, 200))}`)
  const joined = chunks.join('')
  if (joined === text) return
  const index = [...text].findIndex((_, at) => text[at] !== joined[at])
  const at = index === -1 ? text.length : index
  const show = (whole: string) => JSON.stringify(whole.slice(Math.max(0, at - 40), at + 40))
  expect.fail(
    `the chunks joined are not the text, from character ${at} on:\n  text   ${show(text)}\n  chunks ${show(joined)}`,
  )
}

describe('chunks', () => {
  it('are one for a text that fits', () => {
    expect(chunkText('The ferry leaves at nine.\n\nIt is late.\n', 100)).toEqual([
      'The ferry leaves at nine.\n\nIt is late.\n',
    ])
  })

  it('end between paragraphs where they can', () => {
    const [one, two] = ['The ferry leaves at nine.\nIt is late.\n\n', 'The bus is not. It waits.\n\n']
    expect(chunkText(one + two, estimateTokens(one) + 1)).toEqual([one, two])
    const ends = chunkText(log, 600).map((chunk) => chunk.slice(-2))
    expect(new Set(ends.slice(0, -1))).toEqual(new Set(['\n\n']))
  })

  it('take what fits into them', () => {
    const paragraph = 'The ferry leaves at nine.\n\n'
    const chunks = chunkText(paragraph.repeat(6), estimateTokens(paragraph.repeat(3)))
    expect(chunks).toEqual([paragraph.repeat(3), paragraph.repeat(3)])
    expect(chunkText(log, 600).length).toBeLessThan((estimateTokens(log) / 600) * 1.5)
  })

  it('joined are the text, and each fits: prose, one line, one word, emoji, Chinese, blank lines', () => {
    const texts = [
      log,
      log.replaceAll('\n', ' '),
      log.replaceAll(/\s/g, ''),
      '👩‍🚒🚒'.repeat(3_000),
      '河流被停车场覆盖了五十一年。'.repeat(500),
      '\n \n\t\n'.repeat(5_000),
      'x',
      '',
    ]
    for (const text of texts) for (const maxTokens of [7, 50, 1_000, 100_000]) expectWhole(text, maxTokens)
  })

  it(`joined are the text, and each fits, whatever is in it (seed ${SEED})`, () => {
    const random = createRandom()
    for (let round = 0; round < 300; round++) {
      const pieces = Array.from({ length: random.whole(0, 60) }, () =>
        random.pick([
          'ferry',
          ' ',
          '\n',
          '\n\n',
          '. ',
          '渡し船',
          '⛴️',
          'x'.repeat(50),
          '\t \n',
          '3.14',
          '---',
        ]),
      )
      expectWhole(pieces.join(''), random.whole(4, 40))
    }
  })

  it('never cut a character in two', () => {
    for (const chunk of chunkText('🚒'.repeat(1_000), 7)) expect(chunk).not.toMatch(/\p{Surrogate}/u)
  })

  it.each([
    ['one line of 250 KB', 'word '.repeat(50_000)],
    ['one word of 250 KB', 'w'.repeat(250_000)],
    ['250 KB of line breaks', '\n'.repeat(250_000)],
    ['250 KB of blanks', `${' '.repeat(250_000)}x`],
  ])('take time in proportion to the text: %s', { timeout: 30_000 }, (_, text) => {
    expect(chunkText(text, 4_000).join('') === text, 'the chunks joined are the text').toBe(true)
  })
})
