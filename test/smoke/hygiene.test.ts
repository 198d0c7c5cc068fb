import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { generate } from '../packed/generated.ts'
import { defaults, others } from '../packed/templates.ts'

interface Step {
  uses?: string
  run?: string
  with?: Record<string, unknown>
}

describe.each([...defaults, ...others])('$label', ({ template, flags }) => {
  let project: string
  const read = (path: string) => readFileSync(join(project, path), 'utf8')

  beforeAll(async () => {
    project = await generate(template, [...flags, '--no-install', '--no-git'])
  })

  it('has workflows with pinned actions, least privilege, time limits and no secret that a pull request could read', () => {
    for (const file of readdirSync(join(project, '.github/workflows'))) {
      const text = read(`.github/workflows/${file}`)
      const workflow = parse(text)
      expect(workflow.permissions).toEqual({ contents: 'read' })
      expect(workflow.concurrency).toBeTruthy()
      expect(Object.keys(workflow.on)).toEqual(
        expect.not.arrayContaining(['pull_request_target', 'workflow_run']),
      )
      expect(text).not.toMatch(/github\.event/)
      const isStartedByHand = Object.keys(workflow.on).every((event) =>
        ['workflow_dispatch', 'schedule'].includes(event),
      )
      if (!isStartedByHand) expect(text).not.toContain('secrets.')
      for (const job of Object.values<{ 'timeout-minutes'?: number; steps: Step[] }>(workflow.jobs)) {
        expect(job['timeout-minutes']).toBeGreaterThan(0)
        for (const { uses, run, with: inputs } of job.steps) {
          if (uses) expect(uses).toMatch(/@[0-9a-f]{40}$/)
          if (uses?.startsWith('actions/checkout@')) expect(inputs?.['persist-credentials']).toBe(false)
          expect(run ?? '').not.toContain('$' + '{{')
        }
      }
      expect(text.replaceAll('npm ci --ignore-scripts', '')).not.toMatch(/npm (?:ci|i|install)\b/)
    }
  })

  it('installs from the lock in CI, and runs no script of a package', () => {
    expect(read('.github/workflows/ci.yml')).toContain('npm ci --ignore-scripts')
  })

  it('runs the same steps in CI as in its check script', () => {
    const steps = parse(read('.github/workflows/ci.yml')).jobs.check.steps.flatMap(({ run }: Step) =>
      run?.startsWith('npm ci') ? [] : (run ?? []),
    )
    expect(steps.join(' && ')).toBe(JSON.parse(read('package.json')).scripts.check)
  })

  it('has a lock file whose every package has an integrity hash and that agrees with package.json', () => {
    const lock = JSON.parse(read('package-lock.json'))
    const { '': top, ...packages } = lock.packages
    expect(Object.entries<{ integrity?: string }>(packages).filter(([, entry]) => !entry.integrity)).toEqual(
      [],
    )
    expect(read('package-lock.json')).not.toContain('"resolved"')
    const { dependencies, devDependencies } = JSON.parse(read('package.json'))
    expect(top).toMatchObject({ dependencies, devDependencies })
  })

  it('keeps secrets out of git and has no unfinished mark in what it generated', () => {
    expect(read('.gitignore').split('\n')).toEqual(
      expect.arrayContaining(['.env', 'node_modules/', 'reports/*']),
    )
    const files: string[] = JSON.parse(read('.ai-eng/project.json')).files
    for (const path of Object.keys(files)) expect(read(path)).not.toMatch(/\b(TODO|FIXME|XXX)\b/)
  })
})
