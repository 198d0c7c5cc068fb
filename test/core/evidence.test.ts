import { expect, it } from 'vitest'
import { KINDS, type Kind } from '../../src/core/gates/kinds.ts'

/** `data` of one record of each form that any version has written. Evidence is never rewritten, so these must parse for ever: only add to them. */
const RECORDS: [kind: Kind, data: Record<string, unknown>][] = [
  ['files', { files: ['evals/documents/mine.md'] }],
  ['command', { tests: 1, files: ['test/mine.test.ts'] }],
  [
    'eval',
    {
      suite: 'summariser',
      provider: { name: 'heuristic', model: 'heuristic', deterministic: true },
      passed: 15,
      total: 19,
      meanScore: 0.8,
      own: ['mine'],
      ownPassed: 1,
      hashes: { cases: 'a', graders: 'b', prompts: 'c', harness: 'd' },
    },
  ],
  [
    'eval',
    { suite: 'summariser', provider: 'openai', model: 'scripted', paired: 20, passed: 18, heuristic: 14 },
  ],
  [
    'eval-delta',
    {
      name: 'shorter',
      suite: 'summariser',
      paired: 20,
      before: 14,
      after: 18,
      fixed: ['a', 'b', 'c', 'd', 'e'],
      regressed: ['f'],
      models: { before: 'scripted', after: 'scripted' },
      cases: 'hash',
    },
  ],
  [
    'ci',
    { repository: 'me/notes', url: 'https://github.com/me/notes/actions/runs/1', commit: 'abc', run: 7 },
  ],
  ['http', { url: 'https://notes.example.com/', status: 200, ms: 41, commit: '0123456' }],
  ['mcp', { server: { name: 'notes', version: '1' }, protocol: '2025-06-18', tools: ['search_notes'] }],
  ['prose', { path: 'portfolio/post.md', title: 'One choice', words: 900, numbers: ['18'], links: [] }],
  [
    'pull-request',
    { url: 'https://github.com/o/r/pull/1', title: 'Fix', state: 'merged', repository: 'o/r', author: 'me' },
  ],
  [
    'built',
    {
      github: 'me/notes',
      built: [
        {
          exercise: 'chunking',
          title: 'Cut a text',
          functions: ['chunkText'],
          takenOut: 'abc',
          commit: 'def',
          lines: { yours: 30, reference: 54 },
        },
      ],
    },
  ],
  ['attest', { answer: 'the words differ, never the numbers' }],
]

it.each(RECORDS)('a record of the kind %s that was ever written parses: %j', (kind, data) => {
  expect(KINDS[kind].evidence.safeParse(data).error).toBeUndefined()
})

it('every kind has a record here', () => {
  expect(new Set(RECORDS.map(([kind]) => kind))).toEqual(new Set(Object.keys(KINDS)))
})
