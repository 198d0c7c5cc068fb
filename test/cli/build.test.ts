import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../temporary.ts'
import { cli } from './run.ts'

const kept = mkdtempSync(join(tmpdir(), 'ai-eng-build-'))
beforeAll(async () => {
  await cli(['new', 'summariser', 'notes', '--yes', '--no-install'], { cwd: kept })
  // As after npm ci, and as much out of git's sight.
  symlinkSync(join(process.cwd(), 'node_modules'), join(kept, 'notes/node_modules'))
  mkdirSync(join(kept, 'notes/.git/info'), { recursive: true })
  writeFileSync(join(kept, 'notes/.git/info/exclude'), 'node_modules\n')
})
afterAll(() => rmSync(kept, { recursive: true, force: true }))

/** A project with the CLI, git and its files at hand. */
function openProject() {
  const root = temporaryDirectory()
  cpSync(kept, root, { recursive: true, verbatimSymlinks: true })
  const cwd = join(root, 'notes')
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=me', '-c', 'user.email=me@localhost', ...args], {
      cwd,
      encoding: 'utf8',
    }).trim()
  const read = (path: string) => readFileSync(join(cwd, path), 'utf8')
  const edit = (path: string, from: string, to: string) => {
    expect(read(path)).toContain(from)
    writeFileSync(join(cwd, path), read(path).replace(from, to))
  }
  const build = async (...args: string[]) => {
    const { code, stdout, stderr } = await cli(['build', ...args, '--json'], { cwd })
    const document = JSON.parse(stdout)
    return { code, stderr, stdout, error: document.error, result: document.result }
  }
  const listStates = async (): Promise<Record<string, string>> => {
    const { result } = await build()
    const entries = result.exercises.map(({ id, state }: { id: string; state: string }) => [id, state])
    return Object.fromEntries(entries)
  }
  return { cwd, git, read, edit, build, listStates }
}

const OUT = "throw new Error('yours to write')"
/** Right, and not the template's code. */
const MINE = `const cached = tokens.cachedInputTokens ?? 0
  const long = price.longPrompt
  const rates = long && tokens.inputTokens > long.overTokens ? long : price
  let total = (tokens.inputTokens - cached) * rates.input
  total += cached * (rates.cachedInput ?? rates.input)
  return (total + tokens.outputTokens * rates.output) / 1e6`

describe('build', { timeout: 120_000 }, () => {
  it('takes the code out on a branch, and shows the first test that fails', async () => {
    const { build, git, read, cwd } = openProject()
    const begun = await build('cost')
    expect(begun).toMatchObject({ code: 0, result: { kind: 'step', isNew: true } })
    expect(begun.result.progress).toMatchObject({ stage: 'steps', passed: 0, total: 4 })
    expect(begun.result.progress.red.message).toContain('yours to write')
    expect(begun.stdout).not.toContain('freshTokens')
    expect(git('branch', '--show-current')).toBe('build/cost')
    expect(read('src/cost.ts')).toContain(OUT)
    expect(git('show', 'main:src/cost.ts')).not.toContain(OUT)
    expect(git('status', '--porcelain')).toBe('')
    expect(await build()).toMatchObject({ code: 3, result: { isNew: false } })
    const { stdout } = await cli(['status', '--json'], { cwd })
    expect(JSON.parse(stdout).result.warnings).toEqual([
      expect.stringContaining('notes is on the branch build/cost'),
    ])
  })

  it('merges code that passes everything, with a record', async () => {
    const { build, git, read, edit, cwd, listStates } = openProject()
    await build('cost')
    edit('src/cost.ts', OUT, MINE)
    expect(await build('cost')).toMatchObject({ code: 0, result: { progress: { stage: 'green' } } })
    expect(git('branch', '--show-current')).toBe('build/cost')
    const merged = await build('--yes')
    expect(merged).toMatchObject({ code: 0, result: { kind: 'merged', record: { result: 'built' } } })
    expect(git('branch', '--show-current')).toBe('main')
    expect(git('branch', '--list', 'build/*')).toBe('')
    expect(git('status', '--porcelain')).toBe('')
    expect(read('src/cost.ts')).toContain('1e6')
    expect(await listStates()).toMatchObject({ cost: 'built', chunking: 'open' })
    const compared = await build('cost', '--compare')
    expect(compared.result.files[0].diff).toMatch(/^\+.*1e6$/m)
    const { stdout } = await cli(['check', 'built', '--json'], { cwd })
    const [gate] = JSON.parse(stdout).result.steps.flatMap(({ gates }: { gates: unknown[] }) => gates)
    expect(gate).toMatchObject({ status: 'failing', code: 'too-few', found: 'built cost' })
  })

  it("records code that is the template's under other names as the reference", async () => {
    const { build, edit, git, listStates } = openProject()
    await build('cost')
    const body = git('show', 'main:src/cost.ts').split('): number {\n')[1]?.split('\n}')[0] ?? ''
    edit('src/cost.ts', OUT, body.replaceAll('freshTokens', 'rest').replaceAll('    ', ' '))
    expect(await build('--yes')).toMatchObject({ code: 0, result: { record: { result: 'reference' } } })
    expect(await listStates()).toMatchObject({ cost: 'reference' })
  })

  it('gives up with the earlier code on main, and the attempt in its history', async () => {
    const { build, edit, git, listStates } = openProject()
    const before = git('show', 'main:src/cost.ts')
    await build('cost')
    edit('src/cost.ts', OUT, 'return 41')
    expect(await build('--give-up')).toMatchObject({ code: 0, result: { record: { result: 'given-up' } } })
    expect(git('show', 'main:src/cost.ts')).toBe(before)
    expect(git('log', '--all', '-S', 'return 41', '--format=%s')).toContain('Try to build computeCost')
    expect(await listStates()).toMatchObject({ cost: 'given-up' })
  })

  it('keeps what the learner changed elsewhere in the file', async () => {
    const { build, edit, git, read } = openProject()
    edit('src/cost.ts', 'interface Rates {', '/** Mine. */\ninterface Rates {')
    git('commit', '-qam', 'Say whose')
    expect(await build('cost')).toMatchObject({ code: 0 })
    expect(read('src/cost.ts')).toContain('/** Mine. */')
    expect(read('src/cost.ts')).toContain(OUT)
  })

  it('refuses to take out code that the learner changed, and changes nothing', async () => {
    const { build, edit, git } = openProject()
    edit('src/cost.ts', '/ 1_000_000', '/ 1e6')
    git('commit', '-qam', 'Shorten')
    const { code, error } = await build('cost')
    expect({ code, error }).toMatchObject({ code: 1, error: { message: /computeCost cannot be taken out/ } })
    expect(git('branch', '--format=%(refname:short)')).toBe('main')
    expect(git('status', '--porcelain')).toBe('')
  })

  it.each([
    ['files that are not committed', 'not committed', (cwd: string) => writeFileSync(join(cwd, 'x.md'), 'x')],
    [
      'a detached HEAD',
      'No branch is checked out',
      (cwd: string) => void execFileSync('git', ['checkout', '-q', '--detach'], { cwd }),
    ],
  ])('refuses to begin with %s', async (_, words, prepare) => {
    const { build, cwd, git } = openProject()
    prepare(cwd)
    expect((await build('cost')).error.message).toContain(words)
    expect(git('branch', '--list', 'build/*')).toBe('')
  })

  it('refuses another exercise, and a comparison, while one is in progress', async () => {
    const { build } = openProject()
    await build('cost')
    expect((await build('chunking')).error.message).toContain('You are building cost')
    expect((await build('--compare')).error.message).toContain('not built yet')
    expect(await build('cots')).toMatchObject({ code: 2 })
    expect((await build('--hint', '9')).result).toMatchObject({ total: 3, hints: { length: 3 } })
  })

  it('goes back to the home branch when a kill came between merge and switch', async () => {
    const { build, git } = openProject()
    await build('cost')
    git('commit', '-q', '--allow-empty', '-m', 'Built')
    git(
      'update-ref',
      'refs/heads/main',
      git('commit-tree', 'HEAD^{tree}', '-p', 'main', '-p', 'HEAD', '-m', 'Merge'),
    )
    expect(await build()).toMatchObject({ code: 0, result: { kind: 'returned' } })
    expect(git('branch', '--format=%(refname:short)')).toBe('main')
  })

  it('says what to do outside a project, without a commit and without dependencies', async () => {
    const { build, cwd } = openProject()
    expect(await cli(['build'], { cwd: temporaryDirectory() })).toMatchObject({ code: 2 })
    rmSync(join(cwd, 'node_modules'))
    expect((await build('cost')).error).toMatchObject({ hint: 'Run: npm ci' })
    rmSync(join(cwd, '.git'), { recursive: true })
    expect((await build()).error.message).toContain('need a git repository')
  })
})
