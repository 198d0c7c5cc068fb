import { describe, expect, it } from 'vitest'
import { NotesIndex } from '../src/search.ts'

describe('sections', () => {
  const splitText = (text: string, name = 'sub/boat.md') => new NotesIndex([{ name, text }]).sections

  it('carry the headings above them; the first is the title, else the name of the note', () => {
    const listPlaces = (text: string) => splitText(text).map(({ title, headings }) => [title, ...headings])
    expect(listPlaces('# A\n\nintro\n\n## B\n\nbody\n\n# C\n\nlast')).toEqual([['A'], ['A', 'B'], ['A', 'C']])
    expect(listPlaces('The keel was painted.')).toEqual([['boat']])
  })

  it('of a long note or of one endless line fit next to each other, and lose nothing', () => {
    const line = 'word '.repeat(20_000)
    const sections = splitText(line)
    expect(Math.max(...sections.map(({ tokens }) => tokens))).toBeLessThanOrEqual(256)
    expect(sections.map(({ text }) => text).join(' ')).toBe(line.trim())
  })
})

describe('search', () => {
  const index = new NotesIndex([
    { name: 'a.md', text: '# Deploys\n\nRolling back takes two minutes.' },
    { name: 'b.md', text: '# Lunch\n\nSoup on Mondays.' },
  ])

  it('finds other forms of a word, and headings', () => {
    expect(index.find('How do I roll back a deployment?', 5).map(({ document }) => document)).toEqual([
      'a.md',
    ])
  })

  it('does not find what is only meant: that is what embeddings are for', () => {
    expect(index.find('undo a release', 5)).toEqual([])
  })

  it('gives the beginnings of notes for a question without a term', () => {
    const index = new NotesIndex([
      { name: 'a.md', text: '# A\n\none\n\n## More\n\ntwo' },
      { name: 'b.md', text: 'three' },
    ])
    expect(index.find('What is this about?', 2).map(({ text }) => text)).toEqual(['one', 'three'])
  })

  it('finds nothing dangerous in the name of a property', () => {
    expect(index.find('constructor __proto__ toString', 5)).toEqual([])
    expect(index.weights('constructor __proto__').get('constructor')).toBeGreaterThan(0)
  })
})
