import { describe, expect, it } from 'vitest'
import { addCase as addCaseBy, type NewCase } from '#kit/cases/add'
import { lintCases as lintCasesBy, type PlacedCase } from '#kit/cases/lint'
import { suiteCase } from '../../../src/cases.ts'
import { needsLabel } from '../../../src/graders/registry.ts'
import { makeRepo } from '../../../test/repo.ts'

const rules = { schema: suiteCase, needsLabel }
const addCase = (root: string, wanted: NewCase) => addCaseBy(root, wanted, rules)
const lintCases = (cases: readonly PlacedCase[], texts: ReadonlyMap<string, string>) =>
  lintCasesBy(cases, texts, rules)

function placed(file: string, ...cases: Record<string, unknown>[]) {
  const parse = (fields: Record<string, unknown>) =>
    suiteCase.parse({
      ...{ input: 'Where is the spare key kept?', expected: 'under the pot' },
      graders: [{ type: 'facts', facts: [['under the pot']] }],
      ...fields,
    })
  return cases.map((fields) => ({ testCase: parse(fields), file }))
}

describe('the lint', () => {
  const none = new Map<string, string>()

  it('is content with two different questions', () => {
    const other = { id: 'b', input: 'Who waters the plants in August?', expected: 'Ines' }
    const graders = [{ type: 'facts', facts: [['Ines']] }]
    expect(lintCases(placed('a', { id: 'a' }, { ...other, graders }), none)).toEqual([])
  })

  it('finds the same question again, also in another file and in other words', () => {
    const cases = [
      ...placed('cases', { id: 'a' }),
      ...placed('held-out', { id: 'b', input: 'the spare key: where is it kept' }),
    ]
    expect(lintCases(cases, none)).toEqual(['held-out: b: asks the same as a in cases'])
  })

  it('finds an id that is taken in another file', () => {
    const input = 'How many people fit into the lift?'
    const cases = [...placed('cases', { id: 'a' }), ...placed('held-out', { id: 'a', input })]
    expect(lintCases(cases, none)).toEqual(['held-out: a: the id is taken in cases'])
  })

  it('finds the answer in its question, as words and not as a part of one', () => {
    const leaking = placed('cases', { id: 'a', input: 'Is the key under the pot?' })
    expect(lintCases(leaking, none)).toEqual(['cases: a: the question holds the answer "under the pot"'])
    expect(lintCases(placed('cases', { id: 'a', input: 'Is the key under the potter?' }), none)).toEqual([])
  })

  it('finds a missing label', () => {
    const cases = placed('cases', { id: 'a', expected: undefined, graders: [{ type: 'exact' }] })
    expect(lintCases(cases, none)).toEqual(['cases: a: exact compares with "expected", which is missing'])
  })

  it('finds a file that is not there, and a fact that it does not state', () => {
    const files = ['notes.md']
    const cases = placed('cases', { id: 'a', files })
    expect(lintCases(cases, none)).toEqual(['cases: a: notes.md is not there'])
    const texts = new Map([['notes.md', 'The key is behind the clock.']])
    expect(lintCases(cases, texts)).toEqual(['cases: a: no file of it states "under the pot"'])
  })
})

describe('adding a case', () => {
  const wanted = {
    ...{ question: 'Where does the first-aid box hang?', answer: 'next to the sink' },
    ...{ facts: [], files: ['evals/material/safety.md'], tags: ['single'], id: null, critical: false },
    cases: 'evals/cases.jsonl',
  }

  it('adds a line that the next run lists as not yet blessed', async () => {
    const copy = await makeRepo()
    expect(await addCase(copy.root, wanted)).toMatchObject({ id: 'first-aid-box-hang' })
    const { exitCode, stdout } = await copy.evals([])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('first-aid-box-hang is new and not yet blessed')
  })

  it('loses none of several that are added at once', async () => {
    const copy = await makeRepo()
    const before = (await copy.read('evals/cases.jsonl')).trim().split('\n').length
    const subjects = ['ladder', 'kettle', 'bicycle', 'piano', 'compass', 'umbrella']
    const added = subjects.map((subject) =>
      addCase(copy.root, { ...wanted, question: `Where is the ${subject} beside the box?` }),
    )
    expect(new Set((await Promise.all(added)).map(({ id }) => id)).size).toBe(6)
    expect((await copy.read('evals/cases.jsonl')).trim().split('\n')).toHaveLength(before + 6)
  })

  it.each([['../out.jsonl'], ['evals/judge/answer.jsonl'], ['evals/../out.jsonl'], ['evals/targets.json']])(
    'writes nothing to %s, which is no file of cases',
    async (cases) => {
      const copy = await makeRepo()
      const read = () => copy.read(cases).catch(() => 'not there')
      const before = await read()
      await expect(addCase(copy.root, { ...wanted, cases })).rejects.toThrow('is no file of cases')
      expect(await read()).toBe(before)
    },
  )

  it.each([
    [{ answer: '' }],
    [{ question: 'Does the box hang next to the sink?' }],
    [{ id: 'old-tag' }],
    [{ files: ['evals/material/attic.md'] }],
    [{ files: ['../secrets.md'] }],
  ])('refuses %j and leaves the file as it was', async (change) => {
    const copy = await makeRepo()
    const before = await copy.read('evals/cases.jsonl')
    await expect(addCase(copy.root, { ...wanted, ...change })).rejects.toThrow()
    expect(await copy.read('evals/cases.jsonl')).toBe(before)
  })
})
