import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, finished, start } from './run.ts'
import { QUICK, refused, workplace } from './workplace.ts'

const AGENT = { npm_config_user_agent: 'pnpm/12.4.2 npm/? node/v24.1.0 linux x64' }

/** A folder for the PATH with a program that stands in for pnpm: what it runs for each of its commands. */
function standIn(cwd: string, commands: Record<string, string>): NodeJS.ProcessEnv {
  const folder = join(cwd, 'stand-in')
  mkdirSync(folder)
  const cases = Object.entries(commands).map(([name, command]) => `${name}) ${command};;`)
  writeFileSync(join(folder, 'pnpm'), `#!/bin/sh\ncase "$1" in\n${cases.join('\n')}\nesac\n`)
  chmodSync(join(folder, 'pnpm'), 0o755)
  return { ...AGENT, PATH: `${folder}${delimiter}${process.env['PATH']}` }
}

const WORKS = {
  import: 'echo "from npm" >pnpm-lock.yaml',
  install: 'mkdir node_modules && touch node_modules/.modules.yaml',
}

function listCommitted(project: string): string[] {
  return execFileSync('git', ['ls-tree', '-r', '--name-only', 'HEAD'], { cwd: project, encoding: 'utf8' })
    .trim()
    .split('\n')
}

describe('new with another package manager', () => {
  it('follows the one that runs it, and --pm before that', async () => {
    const cwd = workplace()
    const made = async (name: string, flags: string[]) => {
      const { stdout } = await cli(['new', 'rag-bot', name, ...flags, ...QUICK, '--json'], {
        cwd,
        env: AGENT,
      })
      return JSON.parse(stdout).result
    }
    const followed = await made('a', [])
    expect(followed.packageManager).toBe('pnpm@12.4.2')
    expect(followed.next.slice(0, 4)).toEqual([
      'cd a',
      'pnpm import && rm package-lock.json',
      'pnpm install --frozen-lockfile',
      'pnpm run demo',
    ])
    expect(followed.repeat).toContain('--pm pnpm')
    expect((await made('b', ['--pm', 'npm'])).packageManager).toBe('npm')
    const project = JSON.parse(readFileSync(join(cwd, 'a/.ai-eng/project.json'), 'utf8'))
    expect(project).toMatchObject({
      packageManager: 'pnpm@12.4.2',
      layers: expect.arrayContaining(['pm-pnpm']),
    })
    expect(project.target.start[0]).not.toBe('npm')
  })

  it('makes its lock file from npm’s, commits that one and no other, and installs from it', async () => {
    const cwd = workplace()
    const env = standIn(cwd, WORKS)
    const { code, stdout, stderr } = await cli(['new', 'summariser', 'app', '--yes'], { cwd, env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Made pnpm-lock.yaml') })
    const project = join(cwd, 'app')
    expect(listCommitted(project)).toContain('pnpm-lock.yaml')
    expect(listCommitted(project)).not.toContain('package-lock.json')
    expect(existsSync(join(project, 'package-lock.json'))).toBe(false)
    expect(existsSync(join(project, 'node_modules/.modules.yaml'))).toBe(true)
    expect(stdout).not.toContain('pnpm import')
    expect(execFileSync('git', ['status', '--porcelain'], { cwd: project, encoding: 'utf8' })).toBe('')
  })

  it('lists the lock file as to do when it cannot be made, and keeps npm’s', async () => {
    const cwd = workplace()
    const env = standIn(cwd, {
      import: 'echo half >pnpm-lock.yaml; echo ERR_PNPM_META_FETCH_FAIL offline; exit 1',
    })
    const { code, stdout, stderr } = await cli(['new', 'summariser', 'app', '--yes'], { cwd, env })
    expect(code).toBe(0)
    expect(stderr).toContain(
      'pnpm-lock.yaml is not made yet: pnpm import exited with 1: ERR_PNPM_META_FETCH_FAIL offline',
    )
    expect(stdout).toContain('  pnpm import && rm package-lock.json\n  pnpm install --frozen-lockfile\n')
    expect(existsSync(join(cwd, 'app/pnpm-lock.yaml'))).toBe(false)
    expect(listCommitted(join(cwd, 'app'))).toContain('package-lock.json')
  })

  it('fails with --verify when the manager is missing, with everything but the packages in place', async () => {
    const cwd = workplace()
    const { code, stderr } = await cli(['new', 'summariser', 'app', '--yes', '--verify'], {
      cwd,
      env: { npm_config_user_agent: 'bun/1.4.5 npm/? node/v24.1.0 linux x64', PATH: '/usr/bin:/bin' },
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /cannot be checked without bun\.lock: .*bun was not found\nThe project is complete/,
    )
    expect(listCommitted(join(cwd, 'app'))).toContain('package-lock.json')
  })

  it('ends with 130 when it is interrupted while it makes the lock file, and says how to go on', async () => {
    const cwd = workplace()
    const env = standIn(cwd, { import: 'echo half >pnpm-lock.yaml; touch ../begun; sleep 30' })
    const child = start(['new', 'summariser', 'app', '--yes'], { cwd, env })
    const ended = finished(child)
    while (!existsSync(join(cwd, 'begun'))) await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect(code).toBe(130)
    expect(stderr).toContain('To continue: cd app && pnpm import && rm package-lock.json')
    expect(existsSync(join(cwd, 'app/pnpm-lock.yaml'))).toBe(false)
  })

  it('refuses one that it does not know, or that is too old, before it writes anything', async () => {
    expect(await refused(workplace(), ['app', '--pm', 'pnmp'], 2)).toContain('Did you mean pnpm?')
    const cwd = workplace()
    const env = { npm_config_user_agent: 'pnpm/9.15.0 npm/? node/v20.20.2 linux x64' }
    const { code, stderr } = await cli(['new', 'summariser', 'app', ...QUICK], { cwd, env })
    expect(code).toBe(2)
    expect(stderr).toContain('pnpm 9.15.0 is too old')
    expect(existsSync(join(cwd, 'app'))).toBe(false)
  })

  it('checks the new repo with the manager’s own commands', async () => {
    const cwd = workplace()
    const env = standIn(cwd, { ...WORKS, run: 'echo "$2" >>../ran; test "$2" != eval:offline' })
    const { code, stderr } = await cli(['new', 'summariser', 'app', '--yes', '--verify'], { cwd, env })
    expect(code).toBe(1)
    expect(stderr).toContain('pnpm run eval:offline exited with 1 in the new project')
    expect(readFileSync(join(cwd, 'ran'), 'utf8')).toBe('typecheck\ntest\neval:offline\n')
  })
})

describe('a roadmap with another package manager', () => {
  it('names its commands in gates and hints, and carries it on to the next project', async () => {
    const cwd = workplace()
    await cli(['new', 'summariser', 'summariser', ...QUICK, '--pm', 'pnpm'], { cwd })
    const shown = JSON.parse((await cli(['check', '--json', '--offline'], { cwd })).stdout)
    expect(JSON.stringify(shown)).toContain('pnpm run eval:bless')
    expect(JSON.stringify(shown)).not.toMatch(/\bnpm (?:run|ci|test|start)\b|\bnpx vitest/)
    const hint = JSON.parse((await cli(['hint', 'own-test', '--json'], { cwd })).stdout).result
    expect(hint.do).toContain('pnpm exec vitest run')
    const args = [
      'next',
      '--force',
      '--reason',
      'did this at work last year',
      '--yes',
      '--no-install',
      '--no-git',
      '--json',
    ]
    const next = JSON.parse(
      (await cli(args, { cwd, env: { npm_config_user_agent: 'npm/11.0.0 node/v20' } })).stdout,
    )
    expect(next.result.project.packageManager).toMatch(/^pnpm@/)
  })

  it('adopts a repo with the manager whose lock file it has', async () => {
    const cwd = workplace()
    mkdirSync(join(cwd, 'mine'))
    writeFileSync(join(cwd, 'mine/package.json'), '{}')
    writeFileSync(join(cwd, 'mine/yarn.lock'), '')
    await cli(['adopt', 'summariser', 'mine', '--offline'], { cwd })
    const project = JSON.parse(readFileSync(join(cwd, 'mine/.ai-eng/project.json'), 'utf8'))
    expect(project.packageManager).toMatch(/^yarn@/)
  })
})
