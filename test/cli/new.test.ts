import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { BIN, cli } from './run.ts'
import { QUICK, refused, workplace } from './workplace.ts'

describe('new', () => {
  it('writes exactly what --dry-run listed', async () => {
    const cwd = workplace()
    const listed = JSON.parse(
      (await cli(['new', 'summariser', 'app', ...QUICK, '--dry-run', '--json'], { cwd })).stdout,
    ).result.files
    expect(readdirSync(cwd)).toEqual([])
    expect((await cli(['new', 'summariser', 'app', ...QUICK], { cwd })).code).toBe(0)
    const written = Object.entries(snapshot(join(cwd, 'app'))).filter(([, entry]) => entry.startsWith('file'))
    expect(written.map(([path]) => path).sort()).toEqual(
      listed.map(({ path }: { path: string }) => path).sort(),
    )
    for (const { path, size } of listed) expect(readFileSync(join(cwd, 'app', path)).length).toBe(size)
  })

  it('gives the same bytes and modes wherever and by whomever it is run', async () => {
    const [first, second] = [workplace(), workplace()]
    await cli(['new', 'summariser', 'app', ...QUICK], {
      cwd: first,
      env: { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8' },
    })
    execFileSync(
      'sh',
      ['-c', `umask 077; exec "$0" "$1" new summariser app ${QUICK.join(' ')}`, process.execPath, BIN],
      { cwd: second, stdio: 'ignore' },
    )
    expect(snapshot(join(second, 'app'))).toEqual(snapshot(join(first, 'app')))
  })

  it('sets name and description where they belong, whatever is in them', async () => {
    const cwd = workplace()
    const description = `O'Brien & "Co" {{x}} \${y} </script> # | a","scripts":{"postinstall":"x"}`
    const { code } = await cli(
      ['new', 'summariser', 'app', ...QUICK, '--name', '@me/notes', '--description', description],
      { cwd },
    )
    expect(code).toBe(0)
    const plain = JSON.parse(
      (await cli(['new', 'summariser', 'other', ...QUICK, '--dry-run', '--json'], { cwd })).stdout,
    )
    expect(plain.ok).toBe(true)
    const json = JSON.parse(readFileSync(join(cwd, 'app/package.json'), 'utf8'))
    expect(json).toMatchObject({ name: '@me/notes', description })
    expect(Object.keys(json.scripts)).not.toContain('postinstall')
    const lock = JSON.parse(readFileSync(join(cwd, 'app/package-lock.json'), 'utf8'))
    expect([lock.name, lock.packages[''].name]).toEqual(['@me/notes', '@me/notes'])
  })

  it('prints next steps that a shell accepts', async () => {
    const cwd = workplace()
    const { stdout } = await cli(['new', 'summariser', 'app', ...QUICK], { cwd })
    const steps = stdout.split('\n').filter((line) => line.startsWith('  '))
    expect(steps[0]).toBe('  cd app')
    execFileSync('bash', ['-n'], { input: steps.join('\n') })
  })

  it('takes a scoped name as name and its last part as directory', async () => {
    const cwd = workplace()
    expect((await cli(['new', 'summariser', '@me/app', ...QUICK], { cwd })).code).toBe(0)
    expect(JSON.parse(readFileSync(join(cwd, 'app/package.json'), 'utf8')).name).toBe('@me/app')
  })

  it('takes the user’s own explicit path, and says where it writes', async () => {
    const cwd = workplace()
    const target = join(temporaryDirectory(), 'deep/er/app')
    const { code, stderr } = await cli(['new', 'summariser', target, ...QUICK], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain(target)
    expect(existsSync(join(target, 'package.json'))).toBe(true)
    expect((await cli(['new', 'summariser', '../sibling', ...QUICK], { cwd })).code).toBe(0)
    expect(existsSync(join(dirname(cwd), 'sibling/package.json'))).toBe(true)
  })

  // The table of all bad names is in test/core/names.test.ts.
  it.each(['..', '~/x', '', 'con', 'MyApp', 'fs', 'zod', '\u0430pp', 'a\nb', '$(touch PWNED)'])(
    'refuses the directory %j and touches nothing',
    async (directory) => {
      const stderr = await refused(workplace(), [directory], 2)
      expect(stderr).toMatch(/^[\x20-\x7e\n]+$/)
    },
  )

  it.each(['../x', 'a/b', '/abs/x', 'My App'])('refuses the name %j', async (name) => {
    await refused(workplace(), ['app', '--name', name], 2)
  })
})

describe('the end of new', () => {
  it('is the one next command of the roadmap', async () => {
    const cwd = workplace()
    const { stdout } = await cli(['new', 'summariser', 'app', ...QUICK], { cwd })
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Run:  ai-eng-starter build')
    const { result } = JSON.parse((await cli(['status', '--json'], { cwd: join(cwd, 'app') })).stdout)
    const again = JSON.parse((await cli(['new', 'extractor', 'two', ...QUICK, '--json'], { cwd })).stdout)
    expect(again.result.onRoad).toEqual(result.next)
  })

  it('is what to fix when the state of another project cannot be read; the new one is ready all the same', async () => {
    const cwd = workplace()
    writeFileSync(join(cwd, 'ai-eng.json'), '{')
    const { code, stdout } = await cli(['new', 'summariser', 'app', ...QUICK], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain('ai-eng.json is not valid JSON')
  })
})
