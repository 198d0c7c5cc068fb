import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { temporaryDirectory } from './temporary.ts'

interface Job {
  needs?: string
  environment?: string
  permissions?: Record<string, string>
  steps: { uses?: string; run?: string }[]
}

describe('the release workflow', () => {
  const { jobs, permissions } = parse(readFileSync('.github/workflows/release.yml', 'utf8')) as {
    jobs: Record<string, Job>
    permissions: Record<string, string>
  }

  it('runs code of others only in a job without rights, and installs without scripts', () => {
    expect(permissions).toEqual({ contents: 'read' })
    expect(jobs['pack']?.permissions).toBeUndefined()
    const commands = (job?: Job) => job?.steps.flatMap(({ run }) => run ?? []) ?? []
    expect(commands(jobs['pack'])).toContain('npm ci --ignore-scripts')
    expect(commands(jobs['publish'])).toEqual([
      expect.stringMatching(/npm publish "\.\/\$tarball" --ignore-scripts/),
    ])
  })

  it('publishes what that job packed, in an environment that asks for approval', () => {
    expect(jobs['publish']).toMatchObject({ needs: 'pack', environment: 'npm' })
    const used = jobs['publish']?.steps.flatMap(({ uses }) => uses?.split('@')[0] ?? [])
    expect(used).toEqual(['actions/setup-node', 'actions/download-artifact'])
  })

  it('packs the package that the other depends on under a name that is published first', () => {
    const names = ['package.json', 'create/package.json'].map(
      (path) => JSON.parse(readFileSync(path, 'utf8')).name,
    )
    expect([...names].sort()).toEqual(names)
  })
})

describe('the check of a release', () => {
  let folder: string
  const edit = (path: string, change: (text: string) => string) =>
    writeFileSync(join(folder, path), change(readFileSync(join(folder, path), 'utf8')))
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' })
  const check = (env: Record<string, string> = {}) =>
    spawnSync(process.execPath, [resolve('.ci/check-release.mjs')], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, GITHUB_REF_NAME: 'v0.1.0', GITHUB_REPOSITORY: 'ada/ai-eng-starter', ...env },
    })

  beforeEach(() => {
    folder = temporaryDirectory()
    for (const path of ['package.json', 'create/package.json', 'CHANGELOG.md'])
      cpSync(path, join(folder, path))
    for (const path of ['package.json', 'create/package.json']) {
      edit(path, (text) =>
        text.replace('github.com/OWNER/', 'github.com/ada/').replace(/"0\.1\.0"/g, '"0.1.0"'),
      )
    }
    edit('CHANGELOG.md', (text) => text.replace('0.1.0, unreleased', '0.1.0, 2026-12-01'))
    git('init', '-q', '-b', 'main')
    git(
      '-c',
      'user.name=T',
      '-c',
      'user.email=t@example.invalid',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'one',
    )
    git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  })

  it('passes when version, changelog, repository and commit fit the tag', () => {
    expect(check()).toMatchObject({ status: 0, stderr: '' })
  })

  it.each([
    ['a tag of another version', { GITHUB_REF_NAME: 'v0.2.0' }, 'tag v0.1.0'],
    ['another repository', { GITHUB_REPOSITORY: 'eve/fork' }, 'this workflow runs in eve/fork'],
  ])('fails on %s, in one line', (_, env, reason) => {
    const { status, stderr } = check(env)
    expect(status).toBe(1)
    expect(stderr).toContain(reason)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it('fails on the placeholder in repository', () => {
    edit('package.json', (text) => text.replace('github.com/ada/', 'github.com/OWNER/'))
    expect(check()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^repository in package.json names OWNER\//),
    })
  })

  it('fails on a section without a date, and on a commit that is not on main', () => {
    edit('CHANGELOG.md', (text) => text.replace('0.1.0, 2026-12-01', '0.1.0, unreleased'))
    git(
      '-c',
      'user.name=T',
      '-c',
      'user.email=t@example.invalid',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'two',
    )
    expect(check().stderr.split('\n')).toEqual([
      expect.stringContaining('CHANGELOG.md has no section'),
      expect.stringContaining('not on main'),
      '',
    ])
  })
})
