import { describe, expect, it } from 'vitest'
import type { Source } from '#kit/bot/contract'
import { CitationLog } from '../src/cite.ts'

const source = (number: number, text: string): Source => ({
  ...{ number, id: `d#${number}`, document: 'd.md', title: 'Backups', headings: ['Ledger'], text, score: 1 },
})
const SOURCES = [
  source(1, 'Backups are kept for 35 days. They are made at night.'),
  source(2, 'A restore needs two engineers.'),
]
const ANSWER =
  'Backups are kept for 35 days. They are made at night [1]. A restore needs two engineers. [2] It is fun.'

/** What is told while the answer comes in pieces of `size` characters. */
function told(size: number) {
  const citations = new CitationLog(SOURCES)
  const events = []
  for (let end = size; end < ANSWER.length + size; end += size)
    for (const citation of citations.settle(ANSWER.slice(0, end))) events.push({ citation, after: end })
  return events
}

describe('citations of an answer that is being written', () => {
  it.each([1, 2, 3, 7, 20])(
    'are told once, in order, as soon as their sentence is over (pieces of %d)',
    (size) => {
      const events = told(size)
      expect(events.map(({ citation }) => citation.index)).toEqual([0, 1, 2])
      expect(events.map(({ citation }) => citation.claim.support)).toEqual(['quoted', 'quoted', 'quoted'])
      expect(events[0]?.after).toBeLessThan(ANSWER.length)
    },
  )

  it('are those of the whole answer', () => {
    const { cited, check } = new CitationLog(SOURCES).checkAll(ANSWER)
    expect(cited.slice(0, 3)).toEqual(told(1).map(({ citation }) => citation))
    expect(cited.map(({ claim }) => claim.citations)).toEqual([[1], [1], [2], []])
    expect(check).toMatchObject({ used: [1, 2], unknown: [] })
  })

  it('show where their source says it, and nowhere else', () => {
    const { cited } = new CitationLog(SOURCES).checkAll(
      'Backups are kept for 35 days [1]. Ledger backups exist [2]. No such [7].',
    )
    const passages = cited.map(({ passages }) =>
      passages.map(({ source, start, end }) => SOURCES[source - 1]?.text.slice(start, end)),
    )
    expect(passages).toEqual([['Backups are kept for 35 days.'], [], []])
  })

  it('of nothing are none', () => {
    expect(new CitationLog([]).settle('')).toEqual([])
    expect(new CitationLog([]).checkAll('')).toEqual({
      cited: [],
      check: { claims: [], unknown: [], used: [] },
    })
  })
})
