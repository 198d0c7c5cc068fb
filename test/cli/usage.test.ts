import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { cli, finished, start } from './run.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** One line what, one line what to do, nothing else. */
function expectTwoLines(stderr: string): void {
  expect(stderr.trimEnd().split('\n')).toHaveLength(2)
  expect(stderr).not.toMatch(/\n\s+at /)
}

describe('the command line', () => {
  it('prints its version', async () => {
    expect(await cli(['--version'], { cwd: temporaryDirectory() })).toMatchObject({
      code: 0,
      stdout: `${version}\n`,
    })
  })

  it('explains itself with examples', async () => {
    const { code, stdout } = await cli(['--help'], { cwd: temporaryDirectory() })
    expect(code).toBe(0)
    expect(stdout).toContain('ai-eng-starter new summariser')
    expect((await cli(['new', '--help'], { cwd: temporaryDirectory() })).stdout).toContain('--dry-run')
  })

  it.each([
    [['nwe'], /Unknown command 'nwe'/, /Did you mean new\?/],
    [['new', 'summariser', 'x', '--instal'], /--instal/, /Did you mean --no-install\?|Try/],
    [['new', 'sumariser', 'x'], /Unknown template "sumariser"/, /Did you mean summariser\?/],
    [['new', 'a', 'b', 'c'], /[Tt]oo many arguments/, /--help/],
    [['new', 'summariser', '-x'], /unknown option '-x'/i, /--help/],
    [['new', 'summariser', '--', '-x'], /"-x" cannot be a project name/, /Try: x/],
    [['new', 'summariser', '--'], /Missing \[directory\]/, /--yes/],
    [[], /Missing command/, /--help/],
  ])('%j is a usage error that says what to do', async (args, what, todo) => {
    const cwd = temporaryDirectory()
    const { code, stdout, stderr } = await cli(args, { cwd })
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expectTwoLines(stderr)
    expect(stderr).toMatch(what)
    expect(stderr).toMatch(todo)
    expect(snapshot(cwd)).toEqual({})
  })

  it('names every missing answer at once when there is nobody to ask', async () => {
    const cwd = temporaryDirectory()
    const { code, stderr } = await cli(['new'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(/Missing \[template\] \[directory\]/)
    expect(stderr).toMatch(/templates: .*summariser/)
    expect((await cli(['new', '--yes'], { cwd })).stderr).toMatch(/Missing \[template\]/)
  })

  it('lists milestones and templates, for people and for programs', async () => {
    const cwd = temporaryDirectory()
    expect((await cli(['list'], { cwd })).stdout).toMatch(
      /m1 {2}LLM mental model.*\n.*\n(?: {2}.*\n)* {2}summariser /,
    )
    const { stdout } = await cli(['list', '--json'], { cwd })
    const { ok, result } = JSON.parse(stdout)
    expect(ok).toBe(true)
    expect(result.milestones.map(({ id }: { id: string }) => id)).toEqual(['m1', 'm2', 'm3'])
  })

  it('gives one JSON document for failures too, and keeps the exit code', async () => {
    const { code, stdout, stderr } = await cli(['new', 'nope', 'x', '--json'], { cwd: temporaryDirectory() })
    expect(code).toBe(2)
    expectTwoLines(stderr)
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      ok: false,
      error: { exitCode: 2, message: expect.stringContaining('nope') },
    })
  })

  it('gives the whole document through a pipe whose reader is slow', async () => {
    const cwd = temporaryDirectory()
    const child = start(['new', 'summariser', 'app', '--dry-run', '--json'], { cwd })
    child.stdout?.pause()
    setTimeout(() => child.stdout?.resume(), 300)
    const { code, stdout } = await finished(child)
    expect(code).toBe(0)
    expect(JSON.parse(stdout).result.files.length).toBeGreaterThan(20)
  })

  it.each([{ TERM: 'dumb' }, { NO_COLOR: '1' }, { COLUMNS: '20' }])('runs with %j', async (env) => {
    expect((await cli(['list'], { cwd: temporaryDirectory(), env })).code).toBe(0)
  })

  it('survives a reader that goes away', async () => {
    const child = start(['new', 'summariser', 'app', '--dry-run', '--json'], { cwd: temporaryDirectory() })
    child.stdout?.destroy()
    child.stderr?.destroy()
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0)
  })
})
