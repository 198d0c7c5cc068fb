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
    ['scripts without spaces give words', '検索の結果', ['検索', '結果']],
    ['long words of such a script give pairs', '火曜日', ['火曜', '曜日']],
    ['a particle is no part of a Korean word', '요일에 월요일은', ['요일', '월요일']],
    ['accents and letter case do not count', 'Déjà DEJA', ['deja', 'deja']],
    ['names keep their symbols', 'C++, C# and .NET', ['c++', 'c#', '.net']],
    ['a flag is found whole and by its parts', '--dry-run', ['--dry-run', 'dry', 'run']],
  ])('%s', (_, text, terms) => {
    expect(extractTerms(text)).toEqual(terms)
  })
})
