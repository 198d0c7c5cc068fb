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
    ['with the mark behind the full stop', 'Webhooks are retried 5 times. [1]', ['quoted']],
    ['of the wrong source', 'Webhooks are retried 5 times [2].', ['unsupported']],
    ['as a heading', '## Webhooks are retried 99 times', ['uncited']],
    ['as markup', '<b>Webhooks are retried 99 times.</b>', ['uncited']],
    ['as a link target', '[1]: Webhooks are retried 99 times', ['unsupported']],
    ['with a name added', 'Webhooks are retried 5 times, with approval from Dagobert [1].', ['unsupported']],
    ['with an index in code', 'Webhooks are retried 5 times, says `retries[7]` [1].', ['unsupported']],
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
