import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/core/doctor.ts'
import { judgeDisk, judgeNode } from '../../src/core/doctor.ts'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { cli } from './run.ts'

describe('roadmap', () => {
  it('shows every milestone and step on one screen, and writes nothing', async () => {
    const cwd = temporaryDirectory()
    const { code, stdout } = await cli(['roadmap'], { cwd })
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(40)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    for (const text of [
      'Summariser (here, 0/7)',
      'RAG bot',
      'Open-source pull request',
      'Learn deeply',
      'Carries over',
      'Skip for now',
    ])
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(text)
    expect(snapshot(cwd)).toEqual({})
  })

  it('tells one milestone with its reasons and its question', async () => {
    const { stdout } = await cli(['roadmap', 'm2'], { cwd: temporaryDirectory() })
    expect(stdout).toMatch(/^m2 {2}RAG and evals/)
    expect(stdout).toContain('Think about: Of the wrong answers')
    expect(stdout).toMatch(/RAG bot .*your own documents/)
    expect(stdout).not.toContain('m1')
  })

  it('names the milestones to who asks for another', async () => {
    const { code, stderr } = await cli(['roadmap', 'm22'], { cwd: temporaryDirectory() })
    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean m2? Known: m1, m2, m3')
  })
})

describe('doctor', () => {
  const quiet = {
    GITHUB_TOKEN: '',
    GH_TOKEN: '',
    OPENAI_API_KEY: '',
    ANTHROPIC_API_KEY: '',
    OPENAI_BASE_URL: '',
  }

  async function doctor(cwd: string, env: NodeJS.ProcessEnv) {
    const { code, stdout, stderr } = await cli(['doctor', '--json'], { cwd, env: { ...quiet, ...env } })
    const { result, error } = JSON.parse(stdout)
    const found = new Map(result.findings.map((one: Diagnosis) => [one.name, one]))
    return { code, error, stdout, stderr, of: (name: string) => found.get(name) as Diagnosis | undefined }
  }

  it('names keys and never shows them, from the environment and from .env', async () => {
    const cwd = temporaryDirectory()
    writeFileSync(
      join(cwd, '.env'),
      '# OPENAI_BASE_URL=http://commented\nANTHROPIC_API_KEY=secret-in-file\nOPENAI_MODEL=\n',
    )
    const env = { OPENAI_API_KEY: 'secret-in-env', GITHUB_TOKEN: 'secret-token' }
    const { of, stdout } = await doctor(cwd, env)
    expect(of('model')).toMatchObject({ state: 'ok', found: 'set: OPENAI_API_KEY, ANTHROPIC_API_KEY (.env)' })
    expect(of('github')).toMatchObject({ state: 'ok', found: 'GITHUB_TOKEN is set' })
    expect(stdout + (await cli(['doctor'], { cwd, env })).stdout).not.toContain('secret')
  })

  it('says what to do about everything that is not there, and fails only for what is in the way', async () => {
    const cwd = temporaryDirectory()
    const { code, of } = await doctor(cwd, {})
    expect(code).toBe(0)
    expect(of('model')).toMatchObject({ state: 'note', do: expect.stringContaining('Ollama') })
    const bin = join(cwd, 'bin')
    mkdirSync(bin)
    symlinkSync(process.execPath, join(bin, 'node'))
    const without = await doctor(cwd, { PATH: bin })
    expect(without.code).toBe(1)
    expect(without.error).toMatchObject({
      message: 'Fix first: npm',
      hint: expect.stringContaining('nodejs.org'),
    })
    expect(without.of('git')).toMatchObject({ state: 'note', found: 'not found' })
  })

  it.each([
    ['v18.20.8', 'bad'],
    ['v20.18.3', 'bad'],
    ['v20.19.0', 'ok'],
    ['v24.1.0', 'ok'],
  ])('judges Node %s as %s', (version, state) => {
    expect(judgeNode(version).state).toBe(state)
  })

  it.each([
    [50e9, 'ok'],
    [600e6, 'note'],
    [20e6, 'bad'],
  ])('judges %d free bytes as %s', (free, state) => {
    expect(judgeDisk(free).state).toBe(state)
  })
})
