import { describe, expect, it } from 'vitest'
import { estimateTokens } from '#kit/llm/tokens'
import { chunkText } from '../src/chunk.ts'
import { log } from './long-text.ts'

describe('chunks', () => {
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
    for (const text of texts) {
      for (const maxTokens of [7, 50, 1_000, 100_000]) {
        const chunks = chunkText(text, maxTokens)
        expect(chunks.join('') === text).toBe(true)
        expect(Math.max(0, ...chunks.map(estimateTokens))).toBeLessThanOrEqual(maxTokens)
      }
    }
  })

  it('end between paragraphs where they can', () => {
    const ends = chunkText(log, 600).map((chunk) => chunk.slice(-2))
    expect(new Set(ends.slice(0, -1))).toEqual(new Set(['\n\n']))
  })

  it('never cut a character in two', () => {
    for (const chunk of chunkText('🚒'.repeat(1_000), 7)) expect(chunk).not.toMatch(/\p{Surrogate}/u)
  })

  it('fill the room they have', () => {
    const chunks = chunkText(log, 600)
    expect(chunks.length).toBeLessThan((estimateTokens(log) / 600) * 1.5)
  })

  it.each([
    ['one line of 1 MB', 'word '.repeat(200_000)],
    ['one word of 1 MB', 'w'.repeat(1_000_000)],
    ['1 MB of line breaks', '\n'.repeat(1_000_000)],
    ['1 MB of blanks', `${' '.repeat(1_000_000)}x`],
  ])('take time in proportion to the text: %s', { timeout: 30_000 }, (_, text) => {
    expect(chunkText(text, 4_000).join('') === text).toBe(true)
  })
})
