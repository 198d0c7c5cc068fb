import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateTokens } from '#kit/llm/tokens'
import { type Chunk, type ChunkSize, chunkDocument } from '../src/chunk.ts'

const SIZE = { maxTokens: 60, overlapTokens: 24 }

function cut(text: string, size: ChunkSize = SIZE): Chunk[] {
  return chunkDocument({ name: 'runbooks/rollback.md', title: 'Rollback', text }, size)
}

const writeStep = (number: number) =>
  `Step ${number} of the rollback takes a while and has to be watched closely.`
const LONG = Array.from({ length: 30 }, (_, index) => writeStep(index)).join(' ')

describe('chunks', () => {
  it('are one for each section with text, and none for a document without text', () => {
    expect(cut('# Rollback\n\nIntro.\n\n## Web\n\nText.').map(({ text }) => text)).toEqual([
      'Intro.',
      'Text.',
    ])
    expect(cut('# Only\n\n## Headings\n')).toEqual([])
  })

  it('know the document, their tokens, their place, and the headings above them without the title', () => {
    const chunks = cut(
      '# Rollback\n\nIntro.\n\n## Database\n\nFirst.\n\n### Staging\n\nSecond.\n\n## Web\n\nThird.',
    )
    expect(chunks[1]).toEqual({
      ...{ id: expect.any(String), document: 'runbooks/rollback.md', title: 'Rollback' },
      ...{ headings: ['Database'], text: 'First.', tokens: estimateTokens('First.'), ordinal: 1 },
    })
    expect(chunks.map(({ headings, ordinal }) => [ordinal, ...headings])).toEqual([
      [0],
      [1, 'Database'],
      [2, 'Database', 'Staging'],
      [3, 'Web'],
    ])
  })

  it('have an id that stays when another part of the document changes', () => {
    const [before, after] = [cut('# A\n\none\n\n# B\n\ntwo'), cut('# A\n\none, changed\n\n# B\n\ntwo')]
    expect(before[0]?.id).toMatch(/^[0-9a-f]{32}$/)
    expect(after[1]?.id).toBe(before[1]?.id)
    expect(after[0]?.id).not.toBe(before[0]?.id)
  })

  it('have different ids for the same text, below the same heading or another', () => {
    const ids = cut('# A\n\nsame\n\n# A\n\nsame\n\n# B\n\nsame').map(({ id }) => id)
    expect(new Set(ids).size).toBe(3)
  })

  it('hold as many blocks as fit, and go on with the next block in the next chunk', () => {
    const [one, two, three] = [1, 2, 3].map(writeStep)
    const room = { maxTokens: estimateTokens(`${one}`) + estimateTokens(`${two}`), overlapTokens: 24 }
    expect(cut(`${one}\n\n${two}\n\n${three}`, room).map(({ text }) => text)).toEqual([
      `${one}\n\n${two}`,
      three,
    ])
  })

  it('begin with the end of the one before, where prose was cut', () => {
    const chunks = cut(LONG)
    expect(chunks.length).toBeGreaterThan(5)
    for (const [index, { text }] of chunks.entries()) {
      expect(text).toMatch(/^Step .*closely\.$/s)
      const shared = writeStep(Number(/Step (\d+) /.exec(text)?.[1]))
      if (index > 0) expect(chunks[index - 1]?.text.endsWith(shared)).toBe(true)
    }
    const texts = cut(LONG, { ...SIZE, overlapTokens: 0 }).map(({ text }) => text)
    expect(texts.join(' ')).toBe(LONG)
  })

  it('lose no block, are within the size and are not smaller than they must be, for any paragraphs', () => {
    const words = fc.array(fc.constantFrom('rollback', 'of', 'the', 'courier', 'takes', 'long'), {
      minLength: 1,
      maxLength: 12,
    })
    const paragraph = words.map((list) => `${list.join(' ')}.`)
    const sections = fc.array(fc.array(paragraph, { maxLength: 8 }), { maxLength: 4 })
    const packed = fc.property(sections, fc.integer({ min: 14, max: 60 }), (all, maxTokens) => {
      const text = all
        .map((paragraphs, index) => `## Part ${index}\n\n${paragraphs.join('\n\n')}`)
        .join('\n\n')
      const chunks = cut(text, { maxTokens, overlapTokens: 0 })
      const blocks = chunks.map((chunk) => chunk.text.split('\n\n'))
      expect(blocks.flat()).toEqual(all.flat())
      const count = (texts: string[]) => texts.reduce((sum, each) => sum + estimateTokens(each), 0)
      for (const [index, texts] of blocks.entries()) {
        expect(count(texts)).toBeLessThanOrEqual(Math.max(maxTokens, estimateTokens(texts[0] ?? '')))
        const next =
          chunks[index + 1]?.headings[0] === chunks[index]?.headings[0] ? blocks[index + 1] : undefined
        if (next) expect(count([...texts, next[0] ?? ''])).toBeGreaterThan(maxTokens)
      }
    })
    fc.assert(packed, { includeErrorInReport: true })
  })
})
