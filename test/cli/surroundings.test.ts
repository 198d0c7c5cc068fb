import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../temporary.ts'
import { BIN, cli } from './run.ts'

const QUICK = ['--yes', '--no-install']

describe('a git that names another repository in its environment', () => {
  it.each(['GIT_DIR', 'GIT_INDEX_FILE', 'GIT_WORK_TREE'])('is not written to: %s', async (name) => {
    const cwd = temporaryDirectory()
    execFileSync('git', ['init', '-q', 'other'], { cwd })
    const value = { GIT_DIR: 'other/.git', GIT_INDEX_FILE: 'index', GIT_WORK_TREE: 'other' }[name] ?? ''
    const { code } = await cli(['new', 'summariser', 'app', ...QUICK], {
      cwd,
      env: { [name]: join(cwd, value) },
    })
    expect(code).toBe(0)
    expect(readdirSync(cwd).sort()).toEqual(['app', 'other'])
    expect(readdirSync(join(cwd, 'other'))).toEqual(['.git'])
    const log = (directory: string) =>
      execFileSync('git', ['log', '--all', '--format=%s'], { cwd: join(cwd, directory), encoding: 'utf8' })
    expect(log('other')).toBe('')
    expect(log('app')).toMatch(/^Start app/)
  })
})

describe('a workspace above', () => {
  const root = (files: Record<string, string>) => {
    const cwd = temporaryDirectory()
    for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text)
    return cwd
  }
  const globs = (workspaces: unknown) => ({ 'package.json': JSON.stringify({ name: 'root', workspaces }) })

  it.each([
    ['a list', globs(['*']), []],
    ['an object, and a glob for another depth', globs({ packages: ['./packages/*', 'app/'] }), []],
    ['pnpm', { 'pnpm-workspace.yaml': 'packages: ["*"]' }, ['--pm', 'pnpm']],
  ])('is named in a warning, with an install that works there: %s', async (_, files, flags) => {
    const cwd = root(files)
    const { code, stderr, stdout } = await cli(['new', 'summariser', 'app', ...QUICK, ...flags], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain(`inside the workspace ${cwd}`)
    expect(stdout + stderr).toMatch(
      /npm ci --no-workspaces|pnpm install --frozen-lockfile --ignore-workspace/,
    )
  })

  it.each([
    ['globs that leave the folder out', globs(['packages/*', '*', '!app'])],
    ['a package that is no workspace', { 'package.json': '{"name":"root"}' }],
    ['a manifest that is no JSON', { 'package.json': '{' }],
  ])('is not seen in %s', async (_, files) => {
    const { code, stderr, stdout } = await cli(['new', 'summariser', 'app', ...QUICK], { cwd: root(files) })
    expect({ code, isWarned: /workspace/.test(stderr + stdout) }).toEqual({ code: 0, isWarned: false })
  })
})

describe.skipIf(process.getuid?.() !== 0)('a repository of another user', () => {
  it('gets no second repository inside it', async () => {
    const cwd = temporaryDirectory()
    execFileSync('git', ['init', '-q'], { cwd })
    execFileSync('chown', ['-R', '12345', cwd])
    const { code, stderr } = await cli(['new', 'summariser', 'app', ...QUICK], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain('already inside the repository')
    expect(existsSync(join(cwd, 'app/.git'))).toBe(false)
  })
})

describe('new --force', () => {
  it.each([
    ['with a slash', 'h/', 'h'],
    ['as a link', 'link', 'h'],
    ['below the target', 'h/deep', 'h'],
    ['through a link below the target', 'link/deep', 'h'],
  ])('refuses a home directory that is written %s', async (_, home, target) => {
    const cwd = temporaryDirectory()
    mkdirSync(join(cwd, 'h/deep'), { recursive: true })
    symlinkSync('h', join(cwd, 'link'))
    const env = { HOME: `${cwd}/${home}` }
    const { code, stderr } = await cli(['new', 'summariser', target, '--force', ...QUICK], { cwd, env })
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is your home directory'),
    })
    expect(readdirSync(join(cwd, 'h'))).toEqual(['deep'])
  })
})

describe.skipIf(!existsSync('/dev/full'))('output on a full disk', () => {
  const onFull = (args: readonly string[], cwd: string) =>
    new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const child = spawn('sh', ['-c', 'exec "$0" "$@" > /dev/full', process.execPath, BIN, ...args], { cwd })
      let stderr = ''
      child.stderr.on('data', (chunk) => (stderr += chunk))
      child.on('close', (code) => resolve({ code, stderr }))
    })

  it.each([['list'], ['--help'], ['roadmap'], ['list --json'], ['status']])(
    'is one line and no stack: %s',
    async (line) => {
      const { code, stderr } = await onFull(line.split(' '), temporaryDirectory())
      expect(stderr).toContain('Could not write the output: no space left on the disk')
      expect(stderr).not.toMatch(/^\s+at /m)
      expect(code).toBe(1)
    },
  )
})

describe('a state file that is no file', () => {
  it.each([
    ['a link to a device', 'ln -s /dev/zero'],
    ['a pipe', 'mkfifo'],
    ['a directory', 'mkdir'],
  ])('ends with exit code 4 and stays: %s', async (_, command) => {
    for (const path of ['ai-eng.json', 'app/.ai-eng/project.json', '.ai-eng-next.json']) {
      const cwd = temporaryDirectory()
      mkdirSync(join(cwd, 'app/.ai-eng'), { recursive: true })
      const project = {
        schemaVersion: 1,
        template: 'summariser',
        templateVersion: '0',
        options: {},
        files: {},
      }
      if (path !== 'app/.ai-eng/project.json')
        writeFileSync(join(cwd, 'app/.ai-eng/project.json'), JSON.stringify(project))
      execFileSync('sh', ['-c', `${command} ${path}`], { cwd })
      const { code, stderr } = await cli([path === '.ai-eng-next.json' ? 'next' : 'status'], { cwd })
      expect({ path, code, stderr }).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('is not a file'),
      })
      expect(existsSync(join(cwd, path))).toBe(true)
    }
  })
})
