import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startScriptedServer } from '#kit/testing/scripted-server'
import { makeBakery, startScriptedModel } from './repo.ts'

const BLESS = ['bless', '--reason', 'the first run']

describe('an eval set', () => {
  it('is held to its baseline without a key, and every form of the report is written', async () => {
    const repo = await makeBakery()
    expect((await repo.evals(BLESS)).exitCode).toBe(0)
    const { exitCode, stdout } = await repo.evals([])
    expect({ exitCode, passed: /6 of 6 passed/.test(stdout) }).toEqual({ exitCode: 0, passed: true })
    for (const form of ['json', 'md', 'html', 'junit.xml'])
      expect(existsSync(join(repo.root, `reports/eval-bakery.${form}`))).toBe(true)
  })

  it('fails an empty answer, an echo and another answer', async () => {
    const repo = await makeBakery()
    expect((await repo.evals(['--self-test'])).exitCode).toBe(0)
  })

  it('names the cases that a smaller budget for the answer loses, and ends with 1', async () => {
    const repo = await makeBakery()
    await repo.evals(BLESS)
    await repo.edit('evals/targets.json', '"maxWords":45', '"maxWords":3')
    const { exitCode, stdout } = await repo.evals([])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('REGRESSION')
    expect(stdout).toContain('oven passed in the baseline and fails now')
  })

  it('keeps the held-out cases out of sight until they are asked for', async () => {
    const repo = await makeBakery()
    expect((await repo.evals(BLESS)).stdout).not.toContain('phone')
    const { stdout } = await repo.evals(['--held-out'])
    expect(stdout).toContain('phone')
    expect(existsSync(join(repo.root, 'reports/eval-bakery-held-out.json'))).toBe(true)
  })
})

describe('a model behind a prompt', () => {
  it('is compared pair by pair with the same model under another prompt', async () => {
    const repo = await makeBakery()
    const { env } = await startScriptedModel()
    const { exitCode, stdout } = await repo.evals(
      ['--compare', '--target', 'bakery', '--target', 'bakery-curt'],
      env,
    )
    expect(exitCode).toBe(1)
    expect(stdout).toContain('bakery-curt against bakery: REGRESSION')
    expect(stdout).toMatch(/6 lost, 0 gained of 6 paired cases; exact McNemar p = 0\.031/)
  })
})

describe('a recording', () => {
  it('is held to its baseline by every run without a key, and no model is asked', async () => {
    const repo = await makeBakery()
    await repo.evals(BLESS)
    const model = await startScriptedModel()
    const bless = ['bless', '--record', '--reason', 'the first run of this model']
    expect((await repo.evals(bless, model.env)).exitCode).toBe(0)
    await model.close()
    const { exitCode, stdout } = await repo.evals([])
    expect(exitCode).toBe(0)
    expect(stdout.match(/6 of 6 passed/g)).toHaveLength(2)
    expect(stdout).toContain('openai-compatible / scripted')
    expect(stdout).toContain('the target was not asked')
    expect(model.counts.requests).toBe(6)
  })

  it('of a weak model is accepted once and then passes, also where a critical case fails', async () => {
    const repo = await makeBakery()
    await repo.evals(BLESS)
    const weak = await startScriptedServer({
      answer: (prompt) => (prompt.includes('rye') ? [''] : ['It depends.']),
    })
    onTestFinished(weak.close)
    const good = await startScriptedModel()
    await repo.evals(BLESS, good.env)
    expect((await repo.evals(['--record'], weak.env)).stdout).toContain('critical case oven fails')
    expect(await repo.evals([])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('oven passed in the baseline and fails now'),
    })
    await repo.evals(['bless', '--replay', '--reason', 'what the small model says'])
    expect((await repo.evals([])).exitCode).toBe(0)
  })
})
