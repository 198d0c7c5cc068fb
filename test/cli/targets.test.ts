import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { BIN, cli } from './run.ts'
import { QUICK, refused, workplace } from './workplace.ts'

describe('a target that is there already', () => {
  it('is left alone when it holds anything, and the first ten things are named', async () => {
    const cwd = workplace()
    mkdirSync(join(cwd, 'app'))
    for (let index = 0; index < 12; index++) writeFileSync(join(cwd, 'app', `file${index}`), 'mine')
    const stderr = await refused(cwd, ['app'], 1)
    expect(stderr).toContain('file0')
    expect(stderr).toContain('and 2 more')
  })

  it('is used when it is empty, also as the current directory', async () => {
    const cwd = workplace()
    mkdirSync(join(cwd, 'app'))
    expect((await cli(['new', 'summariser', 'app', ...QUICK], { cwd })).code).toBe(0)
    const here = join(cwd, 'here')
    mkdirSync(here)
    expect((await cli(['new', 'summariser', '.', ...QUICK], { cwd: here })).code).toBe(0)
    expect(JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).name).toBe('here')
    expect(Object.keys(snapshot(here))).toEqual(Object.keys(snapshot(join(cwd, 'app'))))
  })

  it('is used when it holds only a fresh repository', async () => {
    const cwd = workplace()
    execFileSync('git', ['init', '--quiet', 'app'], { cwd })
    writeFileSync(join(cwd, 'app/.DS_Store'), '')
    expect((await cli(['new', 'summariser', 'app', '--yes', '--no-install'], { cwd })).code).toBe(0)
    expect(
      execFileSync('git', ['log', '--oneline'], { cwd: join(cwd, 'app') })
        .toString()
        .trim()
        .split('\n'),
    ).toHaveLength(1)
  })

  it('that is a file, a socket or a link is not followed or replaced', async () => {
    const cwd = workplace()
    writeFileSync(join(cwd, 'file'), 'mine')
    execFileSync('mkfifo', [join(cwd, 'fifo')])
    mkdirSync(join(dirname(cwd), 'full'))
    writeFileSync(join(dirname(cwd), 'full/precious'), 'mine')
    mkdirSync(join(dirname(cwd), 'empty'))
    symlinkSync('../full', join(cwd, 'to-full'))
    symlinkSync('../empty', join(cwd, 'to-empty'))
    symlinkSync('../nowhere', join(cwd, 'dangling'))
    const server = createServer().listen(join(cwd, 'socket'))
    await new Promise((resolve) => server.on('listening', resolve))
    for (const name of ['file', 'fifo', 'socket', 'to-full', 'to-empty', 'dangling'])
      await refused(cwd, [name], 1)
    await refused(cwd, ['to-full', '--force'], 1)
    await refused(cwd, ['to-empty/app'], 1)
    await new Promise((resolve) => server.close(resolve))
  })

  it('that differs only in case from what is there is refused', async () => {
    const cwd = workplace()
    mkdirSync(join(cwd, 'App'))
    expect(await refused(cwd, ['app'], 1)).toContain('App')
  })

  it.runIf(process.getuid?.() === 0)(
    'that may not be written is one line, for a user without rights',
    async () => {
      const home = temporaryDirectory()
      chmodSync(home, 0o755)
      for (const part of ['bin', 'dist', 'package.json'])
        cpSync(join(dirname(dirname(BIN)), part), join(home, part), { recursive: true })
      const cwd = join(home, 'work')
      mkdirSync(cwd)
      const bin = join(home, 'bin/ai-eng-starter.js')
      const { code, stderr } = await cli(['new', 'summariser', 'app', ...QUICK], { cwd, uid: 65534, bin })
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: `${cwd} cannot be used (EACCES)\nChoose another directory\n`,
      })
      expect(readdirSync(cwd)).toEqual([])
    },
  )
})

describe('--force', () => {
  it('replaces only files of the project, keeps the rest, and backs up what it replaces', async () => {
    const cwd = workplace()
    const app = join(cwd, 'app')
    mkdirSync(join(app, 'src'), { recursive: true })
    writeFileSync(join(app, '.env'), 'KEY=mine')
    writeFileSync(join(app, 'notes.txt'), 'mine')
    writeFileSync(join(app, 'README.md'), 'my readme')
    const { code, stdout } = await cli(['new', 'summariser', 'app', ...QUICK, '--force', '--json'], { cwd })
    expect(code).toBe(0)
    const { replaced, backup } = JSON.parse(stdout).result
    expect(replaced).toEqual(['README.md'])
    expect(readFileSync(join(app, backup, 'README.md'), 'utf8')).toBe('my readme')
    expect(readFileSync(join(app, '.env'), 'utf8')).toBe('KEY=mine')
    expect(readFileSync(join(app, 'notes.txt'), 'utf8')).toBe('mine')
    expect(readFileSync(join(app, 'README.md'), 'utf8')).not.toBe('my readme')
    expect(Object.keys(snapshot(app)).filter((path) => path.includes('work'))).toEqual([
      '.github/workflows',
      '.github/workflows/ci.yml',
    ])
  })

  it('does not write through a link inside the target', async () => {
    const cwd = workplace()
    mkdirSync(join(cwd, 'app'))
    mkdirSync(join(dirname(cwd), 'outside'))
    symlinkSync('../../outside', join(cwd, 'app/src'))
    await refused(cwd, ['app', '--force'], 1)
  })

  it('is refused for the home directory, the root and parents of the current directory', async () => {
    const home = workplace()
    writeFileSync(join(home, 'file'), '')
    const elsewhere = temporaryDirectory()
    const result = await cli(['new', 'summariser', home, ...QUICK, '--force', '--name', 'x'], {
      cwd: elsewhere,
      env: { HOME: home },
    })
    expect(result.code).toBe(1)
    expect(homedir()).not.toBe('/')
    const parent = workplace()
    const inner = join(parent, 'inner')
    mkdirSync(inner)
    const up = await cli(['new', 'summariser', dirname(inner), ...QUICK, '--force', '--name', 'x'], {
      cwd: inner,
    })
    expect(up.code).toBe(1)
    expect(readdirSync(parent)).toEqual(['inner'])
  })
})
