import { describe, expect, it } from 'vitest'
import { type Chunk, chunkDocument } from '#kit/retrieval/chunk'
import { pickFirstHeading } from '#kit/retrieval/markdown'

const SIZE = { maxTokens: 60, overlapTokens: 24 }

function cut(text: string, size = SIZE): Chunk[] {
  return chunkDocument({ name: 'runbooks/rollback.md', title: 'Rollback', text }, size)
}

const sentence = (number: number) =>
  `Step ${number} of the rollback takes a while and has to be watched closely.`
const long = Array.from({ length: 30 }, (_, index) => sentence(index)).join(' ')

describe('chunks', () => {
  it('take front matter for data: no heading begins there', () => {
    const text = '---\ntags: boat\n---\n\n# Rollback\n\ntext'
    expect(pickFirstHeading(text)).toBe('Rollback')
    expect(cut(text).map(({ headings, text }) => [headings, text])).toEqual([
      [[], '---\ntags: boat\n---'],
      [[], 'text'],
    ])
    expect(cut('---\n\na\n\n---\n\n# B\n\nc')[0]?.text).toBe('---\n\na\n\n---')
    expect(pickFirstHeading('---\ntags: no end\n\n## B')).toBe('B')
    expect(pickFirstHeading('text\n\n    # code')).toBeUndefined()
  })

  it('put a heading below the right one when levels are skipped', () => {
    const chunks = cut('# A\n\n#### Deep\n\none\n\n### Next\n\ntwo')
    expect(chunks.map(({ headings }) => headings)).toEqual([
      ['A', 'Deep'],
      ['A', 'Next'],
    ])
  })

  it('take an underlined line for a heading, and a rule for none', () => {
    expect(cut('Database\n========\n\ntext\n\n---\n\nmore').map(({ headings }) => headings)).toEqual([
      ['Database'],
    ])
  })

  it('take nothing in a code block for a heading, a table or an end', () => {
    const code = '```sh\n# not a heading\n| not | a table |\n~~~\n\necho done\n```'
    expect(cut(`before\n\n${code}\n\nafter`).map(({ text }) => text)).toEqual([`before\n\n${code}\n\nafter`])
  })

  it('keep a block of code and a table whole, though they are over the size', () => {
    const rows = Array.from({ length: 12 }, (_, index) => `| key${index} | value of it ${index} |`)
    const table = ['| key | value |', '| --- | --- |', ...rows].join('\n')
    const code = ['```', ...rows.map((row) => `echo ${row.length}`), '```'].join('\n')
    const texts = cut(`${long}\n\n${table}\n\n${code}`).map(({ text }) => text)
    expect(texts.filter((text) => text.includes(table))).toHaveLength(1)
    expect(texts.filter((text) => text.includes(code))).toHaveLength(1)
  })

  it('lose no word', () => {
    const text = `# T\n\n${long}\n\n- item one\n- item two\n\n  more of it\n\n> quoted\n\n${'x'.repeat(900)}\n\nlast`
    const kept = cut(text, { maxTokens: 40, overlapTokens: 0 }).map((chunk) => chunk.text)
    const squeezed = (all: string) => all.replaceAll(/\s+/g, '')
    expect(squeezed(kept.join(''))).toBe(squeezed(text.replace('# T', '')))
  })

  it('come in linear time from a megabyte without a break', () => {
    const start = performance.now()
    const chunks = cut('word'.repeat(250_000), { maxTokens: 256, overlapTokens: 32 })
    expect(chunks.length).toBeGreaterThan(500)
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})
