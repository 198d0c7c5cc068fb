import { describe, expect, it } from 'vitest'
import { parseCases } from '#kit/evals/cases'
import { capitalCase, createTinySuite, FRANCE, ITALY, SPAIN } from '#kit/testing/tiny-suite'
import { compareRun, gradeAnswer, runCases } from '../src/evaluate.ts'

const options = { concurrency: 2, signal: new AbortController().signal }
const cases = parseCases(
  [FRANCE, ITALY, SPAIN].map((line) => JSON.stringify(line)).join('\n'),
  'cases.jsonl',
  capitalCase,
)

describe('a run', () => {
  it('has a result for each case, in their order: pass, fail or error', async () => {
    const suite = createTinySuite({
      answer: async ({ id }) => {
        if (id === 'spain') throw new Error('no answer came')
        return 'It is Paris.'
      },
    })
    const results = await runCases(suite, cases, options)
    expect(results.map(({ id, outcome, score }) => [id, outcome, score])).toEqual([
      ['france', 'pass', 1],
      ['italy', 'fail', 0],
      ['spain', 'error', null],
    ])
  })
})

describe('grading', () => {
  it('asks every grader, and throws when one cannot decide', async () => {
    const half = () => ({ pass: false, score: 0.5, reason: 'half of it' })
    const suite = createTinySuite({ graders: { ...createTinySuite().graders, half } })
    const grades = await gradeAnswer(suite, 'Paris', FRANCE)
    expect(grades.map(({ grader, score }) => [grader, score])).toEqual([
      ['capital', 1],
      ['half', 0.5],
    ])
    const broken = createTinySuite({
      graders: { odd: () => ({ pass: true, score: Number.NaN, reason: '' }) },
    })
    await expect(gradeAnswer(broken, 'Paris', FRANCE)).rejects.toThrow('grader odd')
  })
})

describe('a comparison', () => {
  const provider = { name: 'heuristic', model: 'heuristic', deterministic: true }

  it('pairs cases by id and content, leaves errors out, and decides', async () => {
    const before = cases.map(({ testCase, hash }) => ({
      ...{ id: testCase.id, caseHash: hash },
      ...{ outcome: 'pass' as const, score: 1 },
    }))
    const worse = createTinySuite({
      answer: async ({ id }) => (id === 'italy' ? Promise.reject(new Error('busy')) : 'It is Paris.'),
    })
    const compared = compareRun({ cases: await runCases(worse, cases, options), provider }, before)
    expect(compared).toMatchObject({
      verdict: 'regression',
      changes: { lost: ['spain'], gained: [], delta: { paired: 2, passed: -1 } },
    })
    const edited = before.map((one) => ({ ...one, caseHash: '0'.repeat(64) }))
    const { changes } = compareRun({ cases: await runCases(worse, cases, options), provider }, edited)
    expect(changes).toMatchObject({ delta: null, changed: ['france', 'italy', 'spain'] })
  })
})
