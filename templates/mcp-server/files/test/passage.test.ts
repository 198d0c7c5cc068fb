import { describe, expect, it } from 'vitest'
import { describePassage, renderPassage } from '../src/tools/passage.ts'
import { listDraws } from './random.ts'

/** A hit of a search, with this text. */
function createHit(text: string, { document = 'deploy.md', headings = ['Rolling back'] } = {}) {
  const chunk = { id: '1', document, title: 'Deploying', headings, text, tokens: 1, ordinal: 0 }
  return { chunk, score: 1 }
}

describe('a passage as data', () => {
  it('names its note, and has the title, the headings and the text', () => {
    expect(describePassage(createHit('Run make rollback.'))).toEqual({
      name: 'deploy.md',
      uri: 'notes://folder/deploy.md',
      title: 'Deploying',
      headings: ['Rolling back'],
      text: 'Run make rollback.',
      is_cut: false,
    })
  })

  it('is cut after 2,000 characters, and says so', () => {
    const { text, is_cut } = describePassage(createHit('x'.repeat(2_001)))
    expect([text.length, is_cut]).toEqual([2_000, true])
    expect(describePassage(createHit('x'.repeat(2_000))).is_cut).toBe(false)
  })

  it('has the beginning of the text, for any text', () => {
    for (const { seed, number, text } of listDraws(50)) {
      const whole = text('ab \n', 1_900 + number(200))
      const described = describePassage(createHit(whole))
      const cut = { text: described.text, is_cut: described.is_cut }
      expect(cut, seed).toEqual({ text: whole.slice(0, 2_000), is_cut: whole.length > 2_000 })
    }
  })
})

describe('a passage as text', () => {
  it('is the path to it, and the text on the next line', () => {
    const passage = { name: 'deploy.md', title: 'Deploying', headings: ['Rolling back'], text: 'Run it.' }
    expect(renderPassage(passage)).toBe('deploy.md > Deploying > Rolling back\nRun it.')
    expect(renderPassage({ ...passage, headings: [] })).toBe('deploy.md > Deploying\nRun it.')
  })

  it('has every heading in order and every line of the text, for any passage', () => {
    for (const { seed, number, text } of listDraws(50)) {
      const headings = Array.from({ length: number(4) }, () => text('abc ', 5))
      const passage = { name: text('ab/', 6), title: text('ab', 4), headings, text: text('ab\n', 30) }
      const [path, ...lines] = renderPassage(passage).split('\n')
      expect(path?.split(' > '), seed).toEqual([passage.name, passage.title, ...headings])
      expect(lines.join('\n'), seed).toBe(passage.text)
    }
  })
})
