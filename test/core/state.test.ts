import { describe, expect, it } from 'vitest'
import { parseEvidence, parseLastChecks, parseProject, parseSettings } from '../../src/core/state/files.ts'
import { StateError, type StateFile } from '../../src/core/state/read.ts'

const evidence = {
  schemaVersion: 1,
  gate: 'own-cases',
  gateHash: '0123456789ab',
  result: 'passed',
  at: '2026-11-25T08:00:00.000Z',
  commit: null,
  dirty: null,
  inputs: '',
  found: '3/3 cases pass – “all”',
  env: { cli: '0.1.0', node: 'v20.20.0', ci: false },
  data: { passed: 3 },
}
const check = { gateHash: 'x', at: evidence.at, result: 'failing', code: 'no-pair', found: 'x', wanted: 'y' }

const FILES: [string, (text: string, file: StateFile) => unknown, object][] = [
  [
    'project.json',
    parseProject,
    {
      schemaVersion: 1,
      template: 'summariser',
      templateVersion: '0.1.0',
      options: {},
      files: { 'a.ts': 'f00' },
    },
  ],
  [
    'ai-eng.json',
    parseSettings,
    {
      schemaVersion: 1,
      vars: { postPath: 'portfolio/post.md' },
      waivers: [{ gate: 'a/b', reason: 'c', at: 'd' }],
    },
  ],
  ['a record of evidence', parseEvidence, evidence],
  ['last-check.json', parseLastChecks, { schemaVersion: 1, gates: { measured: check } }],
]

describe.each(FILES)('%s', (name, parse, value) => {
  const text = `${JSON.stringify(value, null, 2)}\n`
  const problemOf = (broken: string) => {
    try {
      parse(broken, { path: name })
      return undefined
    } catch (error) {
      return error
    }
  }

  it('is read whole, and with a byte order mark', () => {
    expect(problemOf(text)).toBeUndefined()
    expect(problemOf(`\ufeff${text}`)).toBeUndefined()
  })

  it('cut at any byte is an error of state that names the file, never a default', () => {
    const bytes = Buffer.from(text)
    const end = bytes.lastIndexOf('}')
    for (let cut = 0; cut <= end; cut++) {
      const problem = problemOf(bytes.toString('utf8', 0, cut))
      expect(problem, `cut at ${cut}`).toBeInstanceOf(StateError)
      expect((problem as StateError).message).toContain(name)
      expect((problem as StateError).exitCode).toBe(4)
    }
  })

  it.each([
    ['of a newer version', JSON.stringify({ ...value, schemaVersion: 2 }), /newer ai-eng-starter/],
    [
      'with conflict markers',
      `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> other\n`,
      /merge conflict markers/,
    ],
    ['that is a list', '[]', /cannot be read/],
    ['that is null', 'null', /cannot be read/],
    ['without a version', JSON.stringify({ ...value, schemaVersion: undefined }), /schemaVersion/],
  ])('%s is an error that says so', (_, broken, message) => {
    expect(problemOf(broken)).toBeInstanceOf(StateError)
    expect((problemOf(broken) as StateError).message).toMatch(message)
  })
})

it('keeps what a newer program wrote beside what is known', () => {
  expect(parseSettings('{"schemaVersion":1,"pace":"slow"}', { path: 'ai-eng.json' })).toMatchObject({
    pace: 'slow',
    vars: {},
  })
})

it('lets no key change what every object has', () => {
  const settings = parseSettings('{"schemaVersion":1,"vars":{"__proto__":"x","a":"b"}}', {
    path: 'ai-eng.json',
  })
  expect(Object.keys(settings.vars)).toEqual(['a'])
})
