import { describe, expect, it, vi } from 'vitest'
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

  it('are those of the whole answer in lists and paragraphs too, whatever their pieces', () => {
    const answer =
      'What is kept:\n\n- Backups are kept for 35 days. [1]\n- They are made at night\n\nA restore needs two engineers [2]. More.\n\n1. It is fun [1].\n2. End.'
    const whole = new CitationLog(SOURCES).checkAll(answer).cited
    for (const size of [1, 3, 10]) {
      const log = new CitationLog(SOURCES)
      const told = []
      for (let end = size; end < answer.length + size; end += size)
        told.push(...log.settle(answer.slice(0, end)))
      expect(told).toEqual(whole.slice(0, told.length))
      expect(told.length).toBeGreaterThan(4)
    }
  })

  it.each([
    ['short sentences in one paragraph', 'They are made at night. Yes. '],
    ['sentences with marks', 'They are made at night [1]. '],
    ['a list', '- They are made at night [1]\n'],
    ['paragraphs', 'They are made at night [1].\n\n'],
  ])('are read with work that grows with the answer, and not with its square: %s', (_name, sentence) => {
    /** Characters that the segmenter of sentences gets. */
    const countWork = (length: number) => {
      const segmenting = vi.spyOn(Intl.Segmenter.prototype, 'segment')
      const log = new CitationLog(SOURCES)
      const answer = sentence.repeat(Math.ceil(length / sentence.length))
      for (let end = 4; end <= answer.length; end += 4) log.settle(answer.slice(0, end))
      const characters = segmenting.mock.calls.reduce((sum, [text]) => sum + text.length, 0)
      segmenting.mockRestore()
      return characters
    }
    const [once, twice, fourTimes] = [8_000, 16_000, 32_000].map(countWork)
    expect((twice ?? 0) / (once ?? 0)).toBeLessThan(2.6)
    expect((fourTimes ?? 0) / (twice ?? 0)).toBeLessThan(2.6)
  })
})
