import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadRoadmap } from '../../src/io/baked.ts'
import { OWN } from '../own-documents.ts'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { cli } from './run.ts'

const preload = fileURLToPath(new URL('../fixtures/faulty-disk.cjs', import.meta.url))
const roadmap = loadRoadmap(fileURLToPath(new URL('../../dist', import.meta.url)))
const FULL = process.env['FULL'] === '1'
const env = { GITHUB_TOKEN: '', GH_TOKEN: '' }
const QUICK = ['--no-install', '--yes']

const kept = mkdtempSync(join(tmpdir(), 'ai-eng-next-'))
afterAll(() => rmSync(kept, { recursive: true, force: true }))

/** A roadmap folder whose summariser lacks nothing but a look at its documents, which are somebody's own. */
beforeAll(async () => {
  await cli(['new', 'summariser', 'notes', ...QUICK], { cwd: kept })
  for (const [name, text] of OWN) writeFileSync(join(kept, 'notes/evals/documents', name), text)
  const gates = roadmap.steps.find(({ id }) => id === 'summariser')?.gates ?? []
  const waivers = gates
    .filter(({ id }) => id !== 'own-documents')
    .map(({ id }) => ({
      gate: `summariser/${id}`,
      reason: 'not in this test',
      at: '2026-01-01T00:00:00.000Z',
    }))
  writeFileSync(join(kept, 'ai-eng.json'), JSON.stringify({ schemaVersion: 1, vars: {}, waivers }))
})

function solved(): string {
  const cwd = temporaryDirectory()
  cpSync(kept, cwd, { recursive: true })
  return cwd
}

async function next(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await cli(['next', ...QUICK, ...args, '--json'], { cwd, env })
  return { code, stderr, ...JSON.parse(stdout) }
}

function isOurs(path: string): boolean {
  return /^notes\/\.ai-eng(\/|$)/.test(path)
}

/** What nobody may touch: everything but the records of the project that was looked at, and the new project. */
function others(cwd: string): Record<string, string> {
  const entries = Object.entries(snapshot(cwd))
  return Object.fromEntries(entries.filter(([path]) => !isOurs(path) && !/^extractor(\/|$)/.test(path)))
}

describe('next', () => {
  it('makes the first project where there is none, shows what the milestone is about, and then says what is unmet', async () => {
    const cwd = temporaryDirectory()
    const first = await next(cwd)
    expect(first).toMatchObject({
      code: 0,
      result: { kind: 'created', opening: { id: 'm1' }, project: { template: 'summariser' } },
    })
    const before = snapshot(cwd)
    const second = await next(cwd)
    expect(second).toMatchObject({ code: 3, result: { kind: 'unmet', next: { gate: 'built' } } })
    expect(second.error.message).toBe('Summariser: 0 of 7 gates pass')
    const after = Object.entries(snapshot(cwd)).filter(([path]) => !path.includes('.ai-eng/cache'))
    expect(Object.fromEntries(after)).toEqual(before)
  })

  it('on a tree that meets its gates makes the next project beside it, and touches nothing else', async () => {
    const cwd = solved()
    const before = others(cwd)
    const { code, result } = await next(join(cwd, 'notes'))
    expect({ code, kind: result.kind, opening: result.opening }).toEqual({
      code: 0,
      kind: 'created',
      opening: null,
    })
    expect(result.evidence).toEqual([expect.stringMatching(/^notes\/\.ai-eng\/evidence\/own-documents\//)])
    expect(result.project).toMatchObject({ template: 'extractor', directory: '../extractor' })
    expect(others(cwd)).toEqual(before)
    expect(readdirSync(cwd).sort()).toEqual(['ai-eng.json', 'extractor', 'notes'])
    const log = execFileSync('git', ['log', '--oneline'], { cwd: join(cwd, 'extractor'), encoding: 'utf8' })
    expect(log.trimEnd().split('\n')).toHaveLength(1)
  })

  it('says what the learner can do since the step that is done', async () => {
    const cwd = solved()
    const { stdout } = await cli(['next', ...QUICK], { cwd, env })
    expect(stdout).toMatch(/^Summariser is done\. You can now say with a number how good a summary is/m)
    const { result } = await next(cwd, '--force', '--reason', 'known from work')
    expect(result).toMatchObject({ kind: 'created', done: { step: 'summariser' }, abilities: [], offers: [] })
  })

  it('at the end lists what the learner can do now, and offers what no step requires', async () => {
    const cwd = solved()
    const { waivers, ...settings } = JSON.parse(readFileSync(join(cwd, 'ai-eng.json'), 'utf8'))
    const others = roadmap.steps
      .filter(({ id, optional }) => id !== 'summariser' && !optional)
      .flatMap(({ id, gates }) => gates.map((gate) => ({ ...waivers[0], gate: `${id}/${gate.id}` })))
    const kept = waivers.filter(({ gate }: { gate: string }) => gate !== 'summariser/same-prompt')
    writeFileSync(join(cwd, 'ai-eng.json'), JSON.stringify({ ...settings, waivers: [...kept, ...others] }))
    const { code, result } = await next(cwd)
    expect({ code, kind: result.kind, done: result.done }).toEqual({ code: 0, kind: 'finished', done: null })
    expect(result.abilities.map(({ step }: { step: string }) => step)).toEqual(['summariser'])
    expect(result.offers.map(({ gate }: { gate: string }) => gate)).toEqual(['opened', 'same-prompt'])
    const { stdout } = await cli(['next', ...QUICK], { cwd, env })
    expect(stdout).toMatch(/^You can now\n {2}- say with a number/)
    expect(stdout).toMatch(
      /Optional, if you like\n {2}- Open-source pull request: .+\n {4}ai-eng-starter set ossPr/,
    )
    expect(stdout).toContain('Run:  ai-eng-starter portfolio\n')
  })

  it('writes nothing with --dry-run, whatever it finds', async () => {
    const cwd = solved()
    const before = snapshot(cwd)
    expect(await next(cwd, '--dry-run')).toMatchObject({ code: 3, result: { kind: 'unmet', dryRun: true } })
    const forced = await next(cwd, '--dry-run', '--force', '--reason', 'known from work')
    expect(forced).toMatchObject({
      code: 0,
      result: { kind: 'created', dryRun: true, skipped: ['summariser/own-documents'] },
    })
    expect(snapshot(cwd)).toEqual(before)
    const empty = temporaryDirectory()
    expect(await next(empty, '--dry-run')).toMatchObject({ code: 0, result: { project: { dryRun: true } } })
    expect(snapshot(empty)).toEqual({})
  })

  it('skips what is unmet with --force and a reason, which is shown and is no pass', async () => {
    const cwd = solved()
    rmSync(join(cwd, 'notes/evals/documents/bread.md'))
    expect((await next(cwd, '--force')).code).toBe(2)
    expect((await next(cwd, '--reason', 'known from work')).code).toBe(2)
    expect(existsSync(join(cwd, 'extractor'))).toBe(false)
    const { code, result } = await next(cwd, '--force', '--reason', 'known from work')
    expect({ code, kind: result.kind, skipped: result.skipped }).toEqual({
      code: 0,
      kind: 'created',
      skipped: ['summariser/own-documents'],
    })
    const { waivers } = JSON.parse(readFileSync(join(cwd, 'ai-eng.json'), 'utf8'))
    expect(waivers.at(-1)).toMatchObject({ gate: 'summariser/own-documents', reason: 'known from work' })
    const status = await cli(['status', '--json'], { cwd, env })
    expect(JSON.parse(status.stdout).result.milestones[0].steps[0]).toMatchObject({
      status: 'skipped',
      met: 0,
    })
  })

  it('never writes into a folder that is there', async () => {
    const cwd = solved()
    mkdirSync(join(cwd, 'extractor'))
    writeFileSync(join(cwd, 'extractor/mine.txt'), 'mine')
    const { code, error } = await next(cwd)
    expect(code).toBe(1)
    expect(error.message).toContain('is not empty: mine.txt')
    expect(error.hint).toBe('Give the folder another name: ai-eng-starter next my-extractor')
    expect(readdirSync(cwd).sort()).toEqual(['ai-eng.json', 'extractor', 'notes'])
    expect(readdirSync(join(cwd, 'extractor'))).toEqual(['mine.txt'])
    expect((await next(cwd, '../elsewhere')).code).toBe(2)
    expect(await next(cwd, 'parser')).toMatchObject({ code: 0, result: { project: { directory: 'parser' } } })
  })

  it('finishes what a killed run left: a tree without a commit', async () => {
    const cwd = solved()
    await next(cwd)
    rmSync(join(cwd, 'extractor/.git'), { recursive: true })
    const left = {
      schemaVersion: 1,
      pid: 2 ** 30,
      project: 'extractor',
      template: 'extractor',
      git: true,
      install: false,
    }
    writeFileSync(join(cwd, '.ai-eng-next.json'), JSON.stringify(left))
    expect(await next(cwd)).toMatchObject({
      code: 0,
      result: { kind: 'resumed', project: { git: { status: 'committed' } } },
    })
    expect(readdirSync(cwd).sort()).toEqual(['ai-eng.json', 'extractor', 'notes'])
  })

  it.each([
    ['fails', 'exit 1', 1],
    ['was killed with the run', 'kill -9 $PPID', null],
  ])('goes on with an install that %s, and asks for it once more', async (_, script, code) => {
    const cwd = solved()
    const install = (npm: string) => {
      const bin = temporaryDirectory()
      writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 })
      return cli(['next', '--yes', '--json'], { cwd, env: { ...env, PATH: `${bin}:${process.env['PATH']}` } })
    }
    const installs = 'mkdir -p node_modules && echo {} > node_modules/.package-lock.json'
    expect((await install(script)).code).toBe(code)
    const tree = snapshot(join(cwd, 'extractor'))
    const resumed = await install(installs)
    expect({ code: resumed.code, ...JSON.parse(resumed.stdout) }).toMatchObject({
      code: 0,
      result: { kind: 'resumed', project: { directory: 'extractor', install: 'done' } },
    })
    const {
      'node_modules/.package-lock.json': lock,
      node_modules,
      ...rest
    } = snapshot(join(cwd, 'extractor'))
    expect(lock).toBeDefined()
    expect(rest).toEqual(tree)
    expect(readdirSync(cwd).sort()).toEqual(['ai-eng.json', 'extractor', 'notes'])
    expect((await install('exit 1')).code).toBe(3)
  })

  it('does not run beside another', async () => {
    const cwd = solved()
    const other = {
      schemaVersion: 1,
      pid: process.pid,
      project: 'x',
      template: 'extractor',
      git: true,
      install: true,
    }
    writeFileSync(join(cwd, '.ai-eng-next.json'), JSON.stringify(other))
    const { code, error } = await next(cwd)
    expect({ code, message: error.message }).toEqual({
      code: 1,
      message: 'Another ai-eng-starter next is running here',
    })
  })
})

/** Functions that write, and after which of their calls `next` is killed. The fast run takes one before and one after the tree is there. */
const WRITES: [name: string, calls: number[]][] = FULL
  ? [
      ['promises.open', [1, 2, 3, 4]],
      ['handle.writeFile', [1, 2, 3, 4]],
      ['promises.link', [1, 2]],
      ['promises.rename', [1, 2]],
      ['promises.rm', [1, 2]],
      ['renameSync', [1]],
      ['rmSync', [1]],
      ['mkdirSync', [1, 2, 3, 4, 5, 6, 12, 16]],
      ['writeFileSync', [1, 2, 20, 60, 120]],
    ]
  : [
      ['promises.link', [1]],
      ['renameSync', [1]],
    ]

describe('killed with kill -9', () => {
  it.each(WRITES.flatMap(([name, calls]) => calls.map((call) => [name, call] as const)))(
    'right after %s number %i, the next run ends where one run would have',
    async (name, call) => {
      const cwd = solved()
      const before = others(cwd)
      const killed = await cli(['next', ...QUICK], {
        cwd,
        preload,
        env: { ...env, FAULT: `${name}:${call}:SIGKILL` },
      })
      expect(killed.signal).toBe('SIGKILL')
      const wasComplete = existsSync(join(cwd, 'extractor/.git'))
      expect((await next(cwd)).code).toBe(wasComplete ? 3 : 0)
      expect(others(cwd)).toEqual(before)
      expect(readdirSync(cwd).sort()).toEqual(['ai-eng.json', 'extractor', 'notes'])
      expect(readdirSync(join(cwd, 'notes/.ai-eng/evidence/own-documents'))).toHaveLength(1)
      const left = Object.keys(snapshot(cwd)).filter((path) => /\.tmp$|staging/.test(path))
      expect(left.filter((path) => !path.startsWith('notes/.ai-eng/cache/'))).toEqual([])
      const git = execFileSync('git', ['status', '--porcelain'], {
        cwd: join(cwd, 'extractor'),
        encoding: 'utf8',
      })
      expect(git).toBe('')
    },
  )
})
