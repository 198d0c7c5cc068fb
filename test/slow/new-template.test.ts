import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { copyTemplate } from '../../build/copy-template.ts'
import { layOut } from '../../build/lay-out.ts'

/** A copy of `templates/` inside this repository, where the packages that templates use are found. */
function copyOfTemplates(): string {
  const directory = mkdtempSync(resolve('.build', 'new-template-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  cpSync('templates', join(directory, 'templates'), { recursive: true })
  return join(directory, 'templates')
}

describe('a new template', () => {
  it('type-checks, tests, evaluates and runs before anything is changed in it', () => {
    const templates = copyOfTemplates()
    copyTemplate(templates, { id: 'oracle', milestone: 'm2', title: 'Oracle' })
    const laidOut = layOut(templates, join(templates, '../out'), { link: false })
    const cwd = laidOut.find(({ label }) => label === 'oracle')?.directory ?? ''
    const env = { ...process.env, AI_PROVIDER: 'heuristic' }
    const run = (program: string, ...args: string[]) =>
      execFileSync(program, args, { cwd, env, stdio: 'pipe' }).toString()
    run('npx', 'tsc', '--noEmit')
    run('npx', 'tsc', '-p', 'tsconfig.build.json')
    run('npx', 'vitest', 'run', 'test/answer.test.ts')
    expect(run('node', 'dist/kit/evals/main.js')).toContain('PASS')
    expect(run('node', 'dist/kit/evals/main.js', '--self-test')).toContain('3 of 3')
    const quoted = run('node', 'dist/src/main.js', 'README.md').trim()
    expect(quoted.split(' ').length).toBeGreaterThan(5)
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toContain(quoted)
  }, 120_000)

  it.each([
    [{ id: 'Bad Id', milestone: 'm1', title: 'x' }, 'id'],
    [{ id: 'oracle', milestone: 'm9', title: 'x' }, 'm9'],
    [{ id: 'summariser', milestone: 'm1', title: 'x' }, 'exists'],
  ])('%j is refused, and nothing is copied', (change, problem) => {
    const templates = copyOfTemplates()
    expect(() => copyTemplate(templates, change)).toThrow(problem)
    expect(existsSync(join(templates, change.id)) && change.id !== 'summariser').toBe(false)
  })
})
