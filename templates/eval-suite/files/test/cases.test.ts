import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { lintCases } from '#kit/cases/lint'
import { readAllCases, readMaterial } from '#kit/cases/read'
import { suiteCase } from '../src/cases.ts'
import { needsLabel } from '../src/graders/registry.ts'

const repo = fileURLToPath(new URL('../', import.meta.url))

describe('the cases of this repo', () => {
  it('have no duplicate, no answer that gives itself away, no missing label and no fact that its file does not state', async () => {
    const cases = await readAllCases(repo, { schema: suiteCase })
    expect(lintCases(cases, await readMaterial(repo, cases), { needsLabel })).toEqual([])
  })
})

describe('a line of cases', () => {
  const line = { id: 'a', input: 'Where?', expected: 'here', graders: [{ type: 'exact' }] }

  it.each([
    ['no question', { input: '' }, 'input'],
    ['no grader', { graders: [] }, 'every answer would pass'],
    ['a grader that is misspelt', { graders: [{ type: 'exakt' }] }, 'exact'],
    ['a file outside of the repo', { files: ['../secrets.md'] }, 'a path from the root'],
    ['a key that is not known', { weigth: 2 }, 'weigth'],
  ])('is refused with %s', (_name, change, message) => {
    expect(suiteCase.safeParse(line).success).toBe(true)
    expect(suiteCase.safeParse({ ...line, ...change }).error?.message).toContain(message)
  })
})
