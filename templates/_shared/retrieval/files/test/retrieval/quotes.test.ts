import { describe, expect, it } from 'vitest'
import { evidenceFor, quotesFor } from '../../src/retrieval/quotes.ts'
import { sentencesOf } from '../../src/retrieval/sentences.ts'
import { termsOf } from '../../src/retrieval/terms.ts'

const PASSAGES = [
  {
    source: 'webhooks.md',
    heading: 'Webhooks Retries',
    text: 'A failed webhook delivery is tried again, up to 5 times. The last try comes after 6 hours.',
  },
  {
    source: 'refunds.md',
    heading: 'Refunds',
    text: 'Refunds over 200 EUR need a second pair of eyes from the finance team.',
  },
]

function asked(question: string, previous = '') {
  return { question, previous, weights: new Map(termsOf(`${previous} ${question}`).map((term) => [term, 1])) }
}

describe('quotes', () => {
  it('are sentences of the passages, word for word', () => {
    const [quote] = quotesFor(asked('How often is a webhook delivery tried?'), PASSAGES)
    expect(quote).toMatchObject({
      passage: 0,
      text: 'A failed webhook delivery is tried again, up to 5 times.',
    })
  })

  it('are none when too little of the question is there', () => {
    expect(quotesFor(asked('Which colour has the office carpet in Lisbon?'), PASSAGES)).toEqual([])
  })

  it('are found for a follow-up by the question before it', () => {
    expect(
      quotesFor(asked('Who has to look?', 'When does a refund need a second pair of eyes?'), PASSAGES)[0]
        ?.passage,
    ).toBe(1)
  })
})

describe('evidence', () => {
  it('is the share of the question that one document has', () => {
    expect(evidenceFor(asked('refunds finance'), PASSAGES)).toBe(1)
    expect(evidenceFor(asked('refunds delivery'), PASSAGES)).toBe(0.5)
    expect(evidenceFor(asked('carpet'), PASSAGES)).toBe(0)
    expect(evidenceFor(asked('what is it?'), PASSAGES)).toBe(0)
  })
})

describe('sentences', () => {
  it('are sentences, list items, table rows and lines of code', () => {
    const text =
      '# T\n\nOne is a long sentence with more words in it! Two is short.\n\n- item one\n- item two\n\n| a | b c |\n|---|---|\n\n```\nrun --it now\n```'
    expect(sentencesOf(text)).toEqual([
      'One is a long sentence with more words in it! Two is short.',
      'item one',
      'item two',
      '| a | b c |',
      'run --it now',
    ])
  })

  it('do not end after an abbreviation, nor at a wrapped line', () => {
    const text =
      'The limit, e.g. for\nthe free plan, is set by Dr. Moreau every single month. Another sentence follows right behind that one.'
    expect(sentencesOf(text)).toHaveLength(2)
  })
})
