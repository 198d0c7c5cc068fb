import { describe, expect, it } from 'vitest'
import { checkCitations } from '#kit/retrieval/citations'

const SOURCES = [
  'Webhooks are retried 5 times.\nThe last retry comes after 6 hours.',
  'Refunds over 200 EUR need the approval of Ines Moreau.',
]

function supportOf(answer: string): string[] {
  return checkCitations(answer, SOURCES).claims.map(({ support }) => support)
}

describe('citations', () => {
  it.each([
    ['a sentence of the source', 'Webhooks are retried 5 times [1].', ['quoted']],
    ['with the mark behind the full stop', 'Webhooks are retried 5 times. [1]', ['quoted']],
    ['with emphasis and a line break inside', 'Webhooks are\nretried **5 times** [1].', ['quoted']],
    ['in other words', 'A webhook is retried 5 times [1].', ['supported']],
    ['with a number that is not there', 'Webhooks are retried 7 times [1].', ['unsupported']],
    ['with a name that is not there', 'Refunds need the approval of Teo Brandt [2].', ['unsupported']],
    ['of the wrong source', 'Webhooks are retried 5 times [2].', ['unsupported']],
    ['of a source that does not exist', 'Webhooks are retried 5 times [9].', ['unsupported']],
    ['of nothing', 'Webhooks are retried 5 times.', ['uncited']],
    [
      'of two sources in one mark',
      'Webhooks are retried 5 times; refunds over 200 EUR need approval [1, 2].',
      ['supported'],
    ],
    ['as a heading', '## Webhooks are retried 99 times', ['uncited']],
    ['as markup', '<b>Webhooks are retried 99 times.</b>', ['uncited']],
    ['as a link target', '[1]: Webhooks are retried 99 times', ['unsupported']],
    ['in one word', 'No', ['uncited']],
    ['that says yes, and cites', 'Yes [1].', ['supported']],
    ['with a number that is part of another', 'Refunds over 20 [2].', ['unsupported']],
    ['with a name added', 'Webhooks are retried 5 times, with approval from Dagobert [1].', ['unsupported']],
    [
      'of a range of sources',
      'Webhooks are retried 5 times; refunds over 200 EUR need approval [1-2].',
      ['supported'],
    ],
    ['with an index in code', 'Webhooks are retried 5 times, says `retries[7]` [1].', ['unsupported']],
    ['in full-width brackets', 'Webhooks are retried 5 times【1】.', ['quoted']],
  ])('%s', (_, answer, support) => {
    expect(supportOf(answer)).toEqual(support)
  })

  it('are told apart sentence by sentence', () => {
    const answer =
      'Webhooks are retried 5 times [1]. Refunds over 900 EUR need the approval of Ines Moreau [2].'
    expect(supportOf(answer)).toEqual(['quoted', 'unsupported'])
    expect(checkCitations(answer, SOURCES).used).toEqual([1])
    expect(checkCitations(answer, SOURCES).claims[1]?.missing).toEqual(['900'])
  })

  it('at the end of a paragraph are for all of it, and for nothing behind it', () => {
    const answer =
      'Webhooks are retried 5 times. The last retry comes after 6 hours. [1] It is blue.\n\nIt is green. [1]'
    expect(supportOf(answer)).toEqual(['quoted', 'quoted', 'uncited', 'unsupported'])
  })

  it('name sources that do not exist', () => {
    expect(checkCitations('Yes, it does so always [0][7].', SOURCES).unknown).toEqual([0, 7])
  })

  it('are none in an empty answer', () => {
    expect(checkCitations('', SOURCES)).toEqual({ claims: [], unknown: [], used: [] })
  })
})
