import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWN } from '../own-documents.ts'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { cli } from './run.ts'

const env = { GITHUB_TOKEN: '', GH_TOKEN: '' }
const kept = mkdtempSync(join(tmpdir(), 'ai-eng-paths-'))
beforeAll(() => cli(['new', 'summariser', 'notes', '--yes', '--no-install'], { cwd: kept }))
afterAll(() => rmSync(kept, { recursive: true, force: true }))

/** A roadmap folder with a fresh project, `notes`. */
function fresh(): string {
  const cwd = temporaryDirectory()
  cpSync(kept, cwd, { recursive: true })
  return cwd
}

async function run(cwd: string, ...args: string[]) {
  const { code, stdout } = await cli([...args, '--json'], { cwd, env })
  return { code, ...JSON.parse(stdout) }
}

function addOwnDocuments(project: string): void {
  mkdirSync(join(project, 'evals/documents'), { recursive: true })
  for (const [name, text] of OWN) writeFileSync(join(project, 'evals/documents', name), text)
}

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid']
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' }).trim()
}

describe('start', () => {
  it('--at m2 leaves what is before it, and begins there', async () => {
    const cwd = temporaryDirectory()
    const { code, result } = await run(cwd, 'start', '--at', 'm2')
    expect({ code, opening: result.opening.id }).toEqual({ code: 0, opening: 'm2' })
    const status = await run(cwd, 'status')
    expect(status.result.milestones[0].steps[0]).toMatchObject({ status: 'before-start' })
    expect((await run(cwd, 'next', '--yes', '--dry-run')).result.project).toMatchObject({
      template: 'rag-bot',
    })
    expect((await run(cwd, 'start', '--at', 'm1')).code).toBe(0)
    expect((await run(cwd, 'status')).result.current).toBe('summariser')
  })

  it.each([[['start']], [['start', '--at', 'm9']]])('refuses %j', async (args) => {
    const cwd = temporaryDirectory()
    expect((await run(cwd, ...args)).code).toBe(2)
    expect(snapshot(cwd)).toEqual({})
  })
})

describe('the pace in status', () => {
  it('counts evenings with a commit or a record, each once, whatever else was done in them', async () => {
    const cwd = fresh()
    const notes = join(cwd, 'notes')
    for (const date of ['2031-03-05T20:00:00+0100', '2031-03-05T23:50:00+0100', '2031-03-06T02:00:00+0100']) {
      const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid']
      execFileSync('git', [...identity, 'commit', '-q', '--allow-empty', '-m', 'work'], {
        cwd: notes,
        env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      })
    }
    const first = (await run(cwd, 'status')).result.pace
    expect(first).toMatchObject({ evenings: 2, last: '2031-03-05' })
    const { stdout } = await cli(['status'], { cwd, env })
    expect(stdout).toContain(`Evenings worked: 2 of about ${first.planned}, the last on 5 March.`)
    rmSync(join(notes, '.git'), { recursive: true })
    expect((await run(cwd, 'status')).result.pace).toMatchObject({ evenings: 0, last: null })
  })
})

describe('adopt', () => {
  it('lets a repo that new did not make count, accepts what it meets, and writes nothing but .ai-eng', async () => {
    const cwd = temporaryDirectory()
    const mine = join(cwd, 'my-summaries')
    mkdirSync(mine)
    writeFileSync(join(mine, 'package.json'), '{"name":"mine"}')
    addOwnDocuments(mine)
    const before = snapshot(cwd)
    const { code, result } = await run(cwd, 'adopt', 'summariser', 'my-summaries')
    expect({ code, adopted: result.adopted, met: result.step.met }).toEqual({
      code: 0,
      adopted: true,
      met: 1,
    })
    expect(result.step.project).toBe('my-summaries')
    const after = Object.entries(snapshot(cwd)).filter(([path]) => !path.startsWith('my-summaries/.ai-eng'))
    expect(Object.fromEntries(after)).toEqual(before)
    expect((await run(mine, 'adopt', 'summariser')).result).toMatchObject({ adopted: false, evidence: [] })
    expect((await run(mine, 'status')).result).toMatchObject({ current: 'summariser' })
    expect((await run(mine, 'adopt', 'extractor')).error.message).toContain('is already a summariser project')
  })

  it.each([
    [['summariser', 'nowhere'], /is not a directory/],
    [['summariser', 'empty'], /neither a package.json nor a .git/],
    [['sumariser', 'empty'], /Did you mean summariser|Unknown template/],
  ])('refuses %j and writes nothing', async (args, message) => {
    const cwd = temporaryDirectory()
    mkdirSync(join(cwd, 'empty'))
    const before = snapshot(cwd)
    const { code, error } = await run(cwd, 'adopt', ...args)
    expect(code).toBe(2)
    expect(error.message).toMatch(message)
    expect(snapshot(cwd)).toEqual(before)
  })
})

describe('reset', () => {
  it('forgets that a gate was met and keeps every record; a check meets it again', async () => {
    const cwd = fresh()
    addOwnDocuments(join(cwd, 'notes'))
    const first = await run(cwd, 'check', 'own-documents')
    const { code, result } = await run(cwd, 'reset', 'own-documents')
    expect({ code, gates: result.gates, records: result.evidence.length }).toEqual({
      code: 0,
      gates: ['summariser/own-documents'],
      records: 1,
    })
    expect(JSON.parse(readFileSync(join(cwd, first.result.evidence[0]), 'utf8')).result).toBe('passed')
    const gate = (await run(cwd, 'status')).result.milestones[0].steps[0].gates[0]
    expect(gate).toMatchObject({ status: 'unknown', code: 'not-checked' })
    expect((await run(cwd, 'check', 'own-documents')).result).toMatchObject({
      met: 1,
      evidence: { length: 1 },
    })
    expect((await run(cwd, 'reset', 'ci-green')).code).toBe(2)
  })

  it('--files puts files back that came as they are, after a backup that brings everything back', async () => {
    const cwd = fresh()
    const notes = join(cwd, 'notes')
    writeFileSync(join(notes, 'src/summarise.ts'), 'mine')
    rmSync(join(notes, 'tsconfig.json'))
    writeFileSync(join(notes, 'README.md'), 'my own words')
    writeFileSync(join(notes, 'untracked.txt'), 'mine')
    git(notes, 'add', 'README.md')
    const before = snapshot(notes)
    const refused = await run(notes, 'reset', '--files')
    expect(refused).toMatchObject({ code: 2, error: { hint: 'Add --yes' } })
    const { code, result } = await run(notes, 'reset', '--files', '--yes')
    expect({ code, restored: result.restored, kept: result.kept }).toEqual({
      code: 0,
      restored: ['src/summarise.ts', 'tsconfig.json'],
      kept: [],
    })
    expect(git(notes, 'status', '--porcelain')).toBe('M  README.md\n?? untracked.txt')
    expect(git(notes, 'show', `${result.backup}:untracked.txt`)).toBe('mine')
    execFileSync('sh', ['-c', result.undo], { cwd: notes })
    const without = (tree: Record<string, string>) =>
      Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith('.git/')))
    expect(without(snapshot(notes))).toEqual(without(before))
    expect((await run(fresh(), 'reset', '--files', '--yes')).result).toMatchObject({
      restored: [],
      backup: null,
    })
  })

  it('--files follows no link, and changes nothing then', async () => {
    const cwd = fresh()
    const notes = join(cwd, 'notes')
    rmSync(join(notes, 'src/summarise.ts'))
    writeFileSync(join(cwd, 'elsewhere.ts'), 'precious')
    symlinkSync('../../elsewhere.ts', join(notes, 'src/summarise.ts'))
    const { code, error } = await run(notes, 'reset', '--files', '--yes')
    expect({ code, message: error.message }).toEqual({
      code: 1,
      message: 'src/summarise.ts is now a link or a directory; the template has a file there',
    })
    expect(readFileSync(join(cwd, 'elsewhere.ts'), 'utf8')).toBe('precious')
  })
})
