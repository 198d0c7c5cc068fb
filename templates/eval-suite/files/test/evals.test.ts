import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeRepo, startScriptedModel } from './repo.ts'

describe('the bundled task', () => {
  it('passes its 20 cases without a key, against the committed baseline, and writes every form of the report', async () => {
    const repo = await makeRepo()
    const { exitCode, stdout } = await repo.evals([])
    expect({ exitCode, passed: /20 of 20 passed/.test(stdout) }).toEqual({ exitCode: 0, passed: true })
    for (const form of ['json', 'md', 'html', 'junit.xml'])
      expect(existsSync(join(repo.root, `reports/eval-handbook.${form}`))).toBe(true)
  })

  it('has cases that fail an empty answer, an echo and another answer', async () => {
    const repo = await makeRepo()
    expect((await repo.evals(['--self-test'])).exitCode).toBe(0)
  })

  it('names the cases that a smaller budget for the answer loses, and ends with 1', async () => {
    const repo = await makeRepo()
    await repo.edit('evals/targets.json', '"maxWords": 45', '"maxWords": 12')
    const { exitCode, stdout } = await repo.evals([])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('REGRESSION')
    expect(stdout).toContain('old-tag passed in the baseline and fails now')
  })

  it('keeps the held-out cases out of sight until they are asked for', async () => {
    const repo = await makeRepo()
    expect((await repo.evals([])).stdout).not.toContain('defibrillator')
    const { exitCode, stdout } = await repo.evals(['--held-out'])
    expect({ exitCode, shown: stdout.includes('defibrillator') }).toEqual({ exitCode: 0, shown: true })
    expect(existsSync(join(repo.root, 'reports/eval-handbook-held-out.json'))).toBe(true)
  })
})

describe('a model behind a prompt', () => {
  it('is compared pair by pair with the same model under another prompt', async () => {
    const repo = await makeRepo()
    const { env } = await startScriptedModel()
    const { exitCode, stdout } = await repo.evals(
      ['--compare', '--target', 'handbook', '--target', 'handbook-curt'],
      env,
    )
    expect(exitCode).toBe(1)
    expect(stdout).toContain('handbook-curt against handbook: REGRESSION')
    expect(stdout).toMatch(/20 lost, 0 gained of 20 paired cases; exact McNemar p = 0\.0000019/)
  })
})

describe('a recording', () => {
  it('is held to its baseline by every run without a key, and no model is asked', async () => {
    const repo = await makeRepo()
    const model = await startScriptedModel()
    const bless = ['bless', '--record', '--reason', 'the first run of this model']
    expect((await repo.evals(bless, model.env)).exitCode).toBe(0)
    await model.close()
    const { exitCode, stdout } = await repo.evals([])
    expect(exitCode).toBe(0)
    expect(stdout.match(/20 of 20 passed/g)).toHaveLength(2)
    expect(stdout).toContain('openai-compatible / scripted')
    expect(stdout).toContain('the target was not asked')
    expect(model.counts.requests).toBe(20)
  })
})
