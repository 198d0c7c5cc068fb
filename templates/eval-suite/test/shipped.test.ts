import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openVoice } from '#kit/judge/open'
import { checkJudge } from '../../../src/judge/check.ts'
import { openJudge } from '../../../src/judge/judge.ts'
import { readLabels } from '../../../src/judge/labels.ts'
import { readRubric } from '../../../src/judge/rubric.ts'
import { makeRepo } from '../../../test/repo.ts'

// These tests are of the shipped cases, labels and texts, which a learner replaces.
describe('the shipped cases', () => {
  it('pass without a key, all 20 against the committed baseline', async () => {
    const repo = await makeRepo()
    const { exitCode, stdout } = await repo.evals([])
    expect({ exitCode, passed: /20 of 20 passed/.test(stdout) }).toEqual({ exitCode: 0, passed: true })
  })

  it('fail an empty answer, an echo and another answer', async () => {
    const repo = await makeRepo()
    expect((await repo.evals(['--self-test'])).exitCode).toBe(0)
  })

  it('that are held out pass too', async () => {
    const repo = await makeRepo()
    const { exitCode, stdout } = await repo.evals(['--held-out'])
    expect({ exitCode, shown: stdout.includes('defibrillator') }).toEqual({ exitCode: 0, shown: true })
  })
})

describe('the shipped labels', () => {
  it('are enough to measure a judge', async () => {
    const { root } = await makeRepo()
    expect((await readLabels(root, 'evals/judge/answer.jsonl')).length).toBeGreaterThanOrEqual(30)
    expect(await readRubric(root, 'evals/rubrics/answer.md')).toMatchObject({ levels: [1, 2, 3, 4], pass: 3 })
    expect(await readFile(join(root, 'evals/judge/answer.jsonl'), 'utf8')).toMatch(/\n$/)
  })

  it('show that the scores of the heuristic judge do not count', async () => {
    const { root } = await makeRepo()
    const judge = openJudge(await openVoice({ AI_PROVIDER: 'heuristic' }))
    const how = { concurrency: 4, signal: new AbortController().signal }
    const { text, trusted } = await checkJudge({ root, judge, rubric: 'evals/rubrics/answer.md', ...how })
    expect(trusted).toBe(false)
    expect(text).toContain('passes what people fail: ')
  })
})
