import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../temporary.ts'
import { cli, finished, start } from './run.ts'
import { workplace } from './workplace.ts'

describe('git', () => {
  it('gets one commit with everything, and status is clean', async () => {
    const cwd = workplace()
    await cli(['new', 'summariser', 'app', '--yes', '--no-install'], { cwd })
    const git = (...args: string[]) => execFileSync('git', args, { cwd: join(cwd, 'app') }).toString()
    expect(git('status', '--porcelain')).toBe('')
    expect(git('log', '--format=%s')).toBe("Start app from ai-eng-starter's summariser template\n")
    expect(git('ls-files').split('\n')).toContain('.gitignore')
  })

  it('commits what it generated and nothing that was there before', async () => {
    const cwd = workplace()
    mkdirSync(join(cwd, 'app'))
    writeFileSync(join(cwd, 'app/id_rsa'), 'private')
    expect((await cli(['new', 'summariser', 'app', '--yes', '--no-install', '--force'], { cwd })).code).toBe(
      0,
    )
    const git = (...args: string[]) => execFileSync('git', args, { cwd: join(cwd, 'app') }).toString()
    expect(git('status', '--porcelain')).toBe('?? id_rsa\n')
  })

  it('makes no repository inside a repository', async () => {
    const cwd = workplace()
    execFileSync('git', ['init', '--quiet'], { cwd })
    const { code, stderr } = await cli(['new', 'summariser', 'app', '--yes', '--no-install'], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain('already inside the repository')
    expect(existsSync(join(cwd, 'app/.git'))).toBe(false)
  })

  it('may be missing', async () => {
    const cwd = workplace()
    const { code, stderr } = await cli(['new', 'summariser', 'app', '--yes', '--no-install'], {
      cwd,
      env: { PATH: dirname(process.execPath) === '/usr/bin' ? '/nonexistent' : dirname(process.execPath) },
    })
    expect(code).toBe(0)
    expect(stderr).toContain('git is not installed')
    expect(existsSync(join(cwd, 'app/package.json'))).toBe(true)
  })

  it('commits for somebody whom git does not know yet, and says how to put the name right', async () => {
    const cwd = workplace()
    const nobody = {
      HOME: cwd,
      XDG_CONFIG_HOME: cwd,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: undefined,
      GIT_AUTHOR_EMAIL: undefined,
      GIT_COMMITTER_NAME: undefined,
      GIT_COMMITTER_EMAIL: undefined,
      EMAIL: undefined,
    }
    const { code, stderr } = await cli(['new', 'summariser', 'app', '--yes', '--no-install'], {
      cwd,
      env: nobody,
    })
    expect(code).toBe(0)
    expect(stderr).toContain('--reset-author')
  })
})

/** A process that has ended but was not collected by its parent does not run. */
function isRunning(pid: string): boolean {
  const status = `/proc/${pid}/stat`
  return existsSync(status) && !/\) [ZX] /.test(readFileSync(status, 'utf8'))
}

describe('npm', () => {
  /** A directory with an `npm` that does what the script says. */
  function npmThat(script: string): string {
    const bin = temporaryDirectory()
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    return `${bin}:${process.env['PATH']}`
  }

  it.each([
    [
      'fails',
      'echo "npm error code E404" >&2; echo "npm error 404 Not Found - zod" >&2; exit 1',
      /npm ci exited with 1: 404 Not Found - zod/,
    ],
    ['hangs', 'sleep 60 & echo $! > "$PIDFILE"; wait', /npm ci took longer than 1 s/],
  ])('that %s leaves the complete tree and says how to go on', async (_, script, reason) => {
    const cwd = workplace()
    const pidFile = join(cwd, 'pid')
    const { code, stderr } = await cli(['new', 'summariser', 'app', '--yes', '--no-git'], {
      cwd,
      env: { PATH: npmThat(script), PIDFILE: pidFile, AI_ENG_STARTER_INSTALL_SECONDS: '1' },
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(reason)
    expect(stderr).toContain('To continue: cd app && npm ci')
    expect(existsSync(join(cwd, 'app/package.json'))).toBe(true)
    if (existsSync(pidFile)) expect(isRunning(readFileSync(pidFile, 'utf8').trim())).toBe(false)
  })

  it('that is missing leaves the complete tree and says so', async () => {
    const cwd = workplace()
    const bin = temporaryDirectory()
    symlinkSync(process.execPath, join(bin, 'node'))
    const { code, stderr } = await cli(['new', 'summariser', 'app', '--yes', '--no-git'], {
      cwd,
      env: { PATH: bin },
    })
    expect(code).toBe(1)
    expect(stderr).toContain('npm was not found')
    expect(existsSync(join(cwd, 'app/package.json'))).toBe(true)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'interrupted by %s keeps the tree, ends npm and its children, and prints the command to resume',
    async (signal, exit) => {
      const cwd = workplace()
      const pidFile = join(cwd, 'pid')
      const child = start(['new', 'summariser', 'app', '--yes', '--no-git'], {
        cwd,
        env: { PATH: npmThat('sleep 60 & echo $! > "$PIDFILE"; wait'), PIDFILE: pidFile },
      })
      const end = finished(child)
      while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '')
        await new Promise((resolve) => setTimeout(resolve, 20))
      child.kill(signal)
      const { code, stderr } = await end
      expect(code).toBe(exit)
      expect(stderr).toContain('To continue: cd app && npm ci')
      expect(existsSync(join(cwd, 'app/package.json'))).toBe(true)
      expect(isRunning(readFileSync(pidFile, 'utf8').trim())).toBe(false)
    },
  )
})

describe('--verify', () => {
  it('does not say ready when the project’s own check fails', async () => {
    const cwd = workplace()
    const bin = temporaryDirectory()
    writeFileSync(
      join(bin, 'npm'),
      '#!/bin/sh\n[ "$2" = test ] && echo "1 test failed" && exit 1\nexit 0\n',
      { mode: 0o755 },
    )
    const { code, stdout, stderr } = await cli(
      ['new', 'summariser', 'app', '--yes', '--no-git', '--verify'],
      { cwd, env: { PATH: `${bin}:${process.env['PATH']}` } },
    )
    expect(code).toBe(1)
    expect(stdout).not.toContain('Ready')
    expect(stderr).toMatch(/ok {5}npm run typecheck/)
    expect(stderr).toMatch(/FAILED npm run test/)
    expect(stderr).toContain('1 test failed')
  })
})
