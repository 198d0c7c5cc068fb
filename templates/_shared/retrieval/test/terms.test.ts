import { describe, expect, it } from 'vitest'
import { extractTerms } from '#kit/retrieval/terms'

describe('terms', () => {
  it.each([
    [
      'the plural and the verb form meet in one stem',
      'deploys deploying deployed',
      ['deploi', 'deploi', 'deploi'],
    ],
    [
      'an identifier is found whole and by its parts',
      'maxRetryCount',
      ['maxretrycount', 'max', 'retri', 'count'],
    ],
    ['so is one with underscores', 'MAX_RETRY_COUNT', ['max_retry_count', 'max', 'retri', 'count']],
    ['an acronym in front of a word is a part', 'HTTPServer', ['httpserver', 'http', 'server']],
    ['digits behind letters are a part', 'sha256', ['sha256', 'sha', '256']],
    ['a version keeps its letter', 'v2', ['v2']],
    ['words that questions are made of say nothing', 'what is the', []],
    ['a possessive is its noun', "the bot's answer", ['bot', 'answer']],
    ['full-width letters are letters', 'ＡＰＩ', ['api']],
    ['scripts without spaces give characters', '検索', ['検', '索']],
  ])('%s', (_, text, terms) => {
    expect(extractTerms(text)).toEqual(terms)
  })
})
