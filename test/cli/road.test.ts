import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ShownGate, ShownStep } from '../../src/commands/status.ts'
import { hasHash, parseCases } from '../../src/core/gates/cases.ts'
import { findAdvice } from '../../src/core/roadmap/advice.ts'
import { loadCatalogue, loadRoadmap } from '../../src/io/baked.ts'
import { runGate } from '../../src/io/gates/run-gate.ts'
import { readSamples } from '../../src/io/gates/samples.ts'
import { loadAllPacks } from '../../src/io/packs.ts'
import { readFolder } from '../../src/io/state/folder.ts'
import { hashJson } from '../../templates/_shared/console/files/kit/console/hash-json.ts'
import { OWN } from '../own-documents.ts'
import { environment, run as runProgram } from '../packed/generated.ts'
import { startScriptedModel } from '../solved/stand-ins.ts'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { cli } from './run.ts'

const dist = fileURLToPath(new URL('../../dist', import.meta.url))
const roadmap = loadRoadmap(dist)
const templates = loadCatalogue(dist).templates.map(({ manifest }) => manifest.id)

/** Nothing of the machine decides: no token, no colours, no proxy. */
const env = { GITHUB_TOKEN: '', GH_TOKEN: '', NO_COLOR: '' }

const made = new Map<string, Promise<string>>()
const kept = mkdtempSync(join(tmpdir(), 'ai-eng-fresh-'))
afterAll(() => rmSync(kept, { recursive: true, force: true }))

/** A roadmap folder with a fresh project, `notes`. */
async function fresh(template = 'summariser'): Promise<string> {
  const original = made.get(template) ?? make(template)
  made.set(template, original)
  const cwd = temporaryDirectory()
  cpSync(await original, cwd, { recursive: true })
  return cwd
}

async function make(template: string): Promise<string> {
  const cwd = join(kept, template)
  mkdirSync(cwd)
  const { code, stderr } = await cli(['new', template, 'notes', '--yes', '--no-install'], { cwd })
  if (code !== 0) throw new Error(stderr)
  return cwd
}

async function run(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await cli([...args, '--json'], { cwd, env })
  return { code, stderr, ...JSON.parse(stdout) }
}

function gatesOf(result: { steps: ShownStep[] }): Record<string, ShownGate> {
  return Object.fromEntries(result.steps.flatMap(({ gates }) => gates.map((gate) => [gate.id, gate])))
}

function addOwnDocuments(cwd: string): void {
  for (const [name, text] of OWN) writeFileSync(join(cwd, 'notes/evals/documents', name), text)
}

/** A line for evals/cases.jsonl about one of them. */
function caseAbout(document: string): string {
  const subject = document.replace('.md', '')
  const facts = [[`${subject} notebook`], [`${subject} number`], ['our street']]
  const settings = { length: 'medium', style: 'paragraph', minWords: 10, maxWords: 300 }
  return `${JSON.stringify({ id: `mine-${subject}`, document, facts, ...settings })}\n`
}

describe('a fresh project', () => {
  it.each(templates)('%s fails every required gate, each with a code that has advice', async (template) => {
    const cwd = await fresh(template)
    const step = roadmap.steps.find((one) => one.template === template)
    const required = step?.gates.filter((gate) => gate.required) ?? []
    expect(required.length).toBeGreaterThan(3)
    const samples = readSamples(loadAllPacks(dist))
    const world = {
      directory: join(cwd, 'notes'),
      folder: readFolder(cwd),
      samples: () => samples,
      answer: undefined,
      env: {},
      signal: new AbortController().signal,
      fetch: () => Promise.reject(new Error('nothing asks the network')),
      allowLoopback: false,
    }
    for (const gate of required) {
      const { result, code } = await runGate(gate, world, { offline: false, yes: false })
      expect({ gate: gate.id, result }).toEqual({ gate: gate.id, result: 'failing' })
      expect(findAdvice(gate, code, roadmap), `${gate.id}: ${code}`).toMatch(/\w{3}/)
    }
  })

  it.each(templates)(
    '%s has cases whose hashes check works out as the evals layer does',
    async (template) => {
      const directory = join(await fresh(template), 'notes')
      const blessed = readdirSync(join(directory, 'evals'))
        .filter((name) => name.endsWith('baseline.heuristic.json'))
        .flatMap((name) => JSON.parse(readFileSync(join(directory, 'evals', name), 'utf8')).cases)
        .map(({ id, caseHash }) => `${id} ${caseHash}`)
      const gates = roadmap.steps.find((one) => one.template === template)?.gates ?? []
      for (const gate of gates) {
        if (gate.kind !== 'eval' || gate.record !== 'report') continue
        const { cases } = parseCases(readFileSync(join(directory, gate.cases), 'utf8'))
        const readText = (path: string) => {
          const file = join(directory, path)
          return existsSync(file) ? readFileSync(file, 'utf8') : undefined
        }
        const hashing = { readText, hashJson }
        const isBlessed = (one: (typeof cases)[number]) =>
          blessed.some((known) => {
            const [id, hash = ''] = known.split(' ')
            return id === one.id && hasHash(one, hash, gate.files, hashing)
          })
        expect(cases.filter((one) => !isBlessed(one)).map(({ id }) => id)).toEqual([])
      }
    },
  )

  it('is checked with exit code 3, says one thing to do, and is as clean for git as before', async () => {
    const cwd = await fresh()
    const { code, ok, error, result } = await run(cwd, 'check')
    expect({ code, ok, exitCode: error.exitCode }).toEqual({ code: 3, ok: false, exitCode: 3 })
    expect(result).toMatchObject({ met: 0, required: 7, evidence: [], next: { gate: 'built' } })
    const gates = gatesOf(result)
    expect(gates['own-documents']).toMatchObject({ status: 'failing', code: 'still-the-sample' })
    expect(gates['own-cases']).toMatchObject({ status: 'blocked' })
    expect(gates['own-test']).toMatchObject({ status: 'failing', code: 'nothing-own' })
    expect(gates['ci-green']).toMatchObject({ status: 'failing', code: 'no-remote' })
    for (const { status, advice } of Object.values(gates))
      if (status === 'failing') expect(advice).not.toBeNull()
    const git = execFileSync('git', ['status', '--porcelain'], { cwd: join(cwd, 'notes'), encoding: 'utf8' })
    expect(git).toBe('')
  })

  it('does not take the sample under new names for somebody’s own', async () => {
    const cwd = await fresh()
    const folder = join(cwd, 'notes/evals/documents')
    for (const [index, name] of readdirSync(folder).entries()) {
      const text = readFileSync(join(folder, name), 'utf8')
      writeFileSync(join(folder, `mine-${index}.md`), `# My notes\n\n${text.replaceAll(' the ', ' this ')}`)
    }
    const { result } = await run(cwd, 'check', 'own-documents')
    expect(gatesOf(result)['own-documents']).toMatchObject({ status: 'failing', code: 'still-the-sample' })
  })
})

describe('a gate that passes', () => {
  it('leaves one record, is met in status, and goes stale when its files change', async () => {
    const cwd = await fresh()
    addOwnDocuments(cwd)
    const first = await run(cwd, 'check', 'own-documents')
    expect(first).toMatchObject({ code: 0, ok: true, result: { met: 1, required: 1 } })
    const [path = ''] = first.result.evidence
    expect(path).toMatch(/^notes\/\.ai-eng\/evidence\/own-documents\/2\S+-[0-9a-f]{7}\.json$/)
    const record = JSON.parse(readFileSync(join(cwd, path), 'utf8'))
    expect(record).toMatchObject({
      gate: 'own-documents',
      result: 'passed',
      dirty: true,
      data: { files: { length: 3 } },
    })
    expect(JSON.stringify(record)).not.toContain(cwd)
    expect((await run(cwd, 'check', 'own-documents')).result.evidence).toEqual([])

    const status = async () => {
      const { result } = await run(cwd, 'status')
      return gatesOf({ steps: result.milestones[0].steps.slice(0, 1) })['own-documents']
    }
    expect(await status()).toMatchObject({ status: 'passed' })
    writeFileSync(join(cwd, 'notes/evals/documents/bread.md'), 'gone')
    expect(await status()).toMatchObject({
      status: 'stale',
      found: expect.stringContaining('files have changed'),
    })
    expect(await run(cwd, 'check', 'own-documents')).toMatchObject({ code: 3 })
    expect(await status()).toMatchObject({ status: 'failing', code: 'too-few' })
  })

  it('stays met when a weak model runs, and in a clone that has no report', async () => {
    const cwd = await fresh()
    addOwnDocuments(cwd)
    const notes = join(cwd, 'notes')
    appendFileSync(join(notes, 'evals/cases.jsonl'), OWN.map(([name]) => caseAbout(name)).join(''))
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(notes, 'node_modules'))
    const model = await startScriptedModel()
    onTestFinished(model.close)
    const weak = {
      AI_PROVIDER: 'openai-compatible',
      OPENAI_BASE_URL: `${model.url}/v1`,
      AI_MODEL: 'scripted',
    }
    const bless = (more: NodeJS.ProcessEnv) =>
      runProgram('npm', ['run', '--silent', 'eval:bless'], notes, { ...environment(), ...more })
    expect(await bless({ AI_PROVIDER: 'heuristic' })).toMatchObject({ code: 0 })
    const first = await run(cwd, 'check', 'own-cases')
    expect(first).toMatchObject({ code: 0, result: { met: 2 } })

    expect((await bless(weak)).stdout).toContain('openai-compatible / scripted')
    for (const reports of ['with the report of the model', 'without any report']) {
      if (reports === 'without any report') rmSync(join(notes, 'reports'), { recursive: true })
      const again = await run(cwd, 'check', 'own-cases')
      expect(again, reports).toMatchObject({ code: 0, result: { met: 2, evidence: [] } })
      const { result } = await run(cwd, 'status')
      expect(result.milestones[0].steps[0], reports).toMatchObject({ met: 2 })
    }
    const { result } = await run(cwd, 'check', 'own-cases')
    expect(result.warnings).toEqual([
      expect.stringMatching(
        /^own-cases passed on \d{4}-\d\d-\d\d with the same files, and still counts\. Now: no report$/,
      ),
    ])
  }, 120_000)

  it('is still read after a merge of two clones that both have evidence', async () => {
    const cwd = await fresh()
    const notes = join(cwd, 'notes')
    const git = (directory: string, ...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', ...args], {
        cwd: directory,
      })
    const other = temporaryDirectory()
    git(cwd, 'clone', '-q', notes, join(other, 'notes'))
    for (const place of [cwd, other]) {
      addOwnDocuments(place)
      expect((await run(place, 'check', 'own-documents')).code).toBe(0)
      git(join(place, 'notes'), 'add', '-A')
      git(join(place, 'notes'), 'commit', '-q', '-m', 'evidence')
    }
    git(notes, 'pull', '-q', '--no-rebase', '--no-edit', join(other, 'notes'), 'HEAD')
    expect(readdirSync(join(notes, '.ai-eng/evidence/own-documents'))).toHaveLength(2)
    const { result } = await run(cwd, 'status')
    expect(result.warnings).toEqual([])
    expect(result.milestones[0].steps[0]).toMatchObject({ met: 1, required: 7 })
  })

  it('takes an answer in the learner’s own words, and keeps it', async () => {
    const cwd = await fresh()
    const answer = 'The words differed, the numbers never did'
    const told = await run(cwd, 'check', 'same-prompt', '--answer', answer)
    expect(told).toMatchObject({ code: 0, result: { evidence: [expect.stringContaining('same-prompt')] } })
    expect(await run(cwd, 'check', 'same-prompt')).toMatchObject({ code: 0, result: { evidence: [] } })
    expect((await run(cwd, 'check', 'own-cases', '--answer', answer)).code).toBe(2)
  })
})

describe('measuring a change', () => {
  it('is asked for once in each milestone', () => {
    const measuring = roadmap.milestones.map(({ steps }) =>
      roadmap.steps
        .filter(({ id }) => steps.includes(id))
        .flatMap(({ id, gates }) => gates.filter(({ kind }) => kind === 'eval-delta').map(() => id)),
    )
    expect(measuring).toEqual([['summariser'], ['rag-bot'], ['agent']])
  })

  it('counts as optional where a step no longer asks for it and there is evidence of it', async () => {
    const cwd = await fresh('extractor')
    const status = async () => {
      const { code, result } = await run(cwd, 'status')
      return { code, warnings: result.warnings, ...result.milestones[0].steps[1] }
    }
    const before = await status()
    expect(before.gates.map(({ id }: ShownGate) => id)).not.toContain('measured')
    const folder = join(cwd, 'notes/.ai-eng/evidence/measured')
    const data = {
      name: 'x',
      suite: 'extraction',
      paired: 12,
      before: 4,
      after: 6,
      fixed: ['a'],
      regressed: [],
    }
    const record = {
      ...{ schemaVersion: 1, gate: 'measured', gateHash: '4d1f0f6e3c55', result: 'passed' },
      ...{ at: '2026-01-01T00:00:00.000Z', commit: null, dirty: null, inputs: '', found: 'x: 4/12 -> 6/12' },
      env: { cli: '0.1.0', node: 'v22.0.0', ci: false },
      data: { ...data, models: { before: 'scripted', after: 'scripted' } },
    }
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, '20260101T000000Z-0000000.json'), JSON.stringify(record))
    const { code, warnings, required, gates } = await status()
    expect({ code, warnings, required }).toEqual({ code: 0, warnings: [], required: before.required })
    expect(gates.at(-1)).toMatchObject({
      id: 'measured',
      required: false,
      found: expect.stringContaining('4/12'),
    })
    const checked = await run(cwd, 'check', 'extractor/measured')
    expect(checked.result.steps[0].gates[0]).toMatchObject({ id: 'measured', code: 'no-pair' })
  })
})

describe('state that cannot be read', () => {
  it.each([
    ['ai-eng.json', '{"schemaVersion":1,"vars":'],
    ['ai-eng.json', '{"schemaVersion":2}'],
    ['notes/.ai-eng/project.json', '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> b\n'],
  ])('%s as %s: exit code 4, two lines, and nothing is changed', async (path, text) => {
    const cwd = await fresh()
    writeFileSync(join(cwd, path), text)
    const before = snapshot(cwd)
    for (const args of [['status'], ['check'], ['hint'], ['set', 'postPath', 'post.md']]) {
      const { code, stdout, stderr } = await cli(args, { cwd, env })
      expect({ args, code, stdout }).toEqual({ args, code: 4, stdout: '' })
      expect(stderr.trimEnd().split('\n')).toHaveLength(2)
    }
    expect(snapshot(cwd)).toEqual(before)
  })

  /** Does as the second line of an error says, where the user is. */
  const follow = (cwd: string, stderr: string) => {
    const [, advice = ''] = stderr.split('\n')
    const command = /: (git .*)$/.exec(advice)?.[1] ?? `exit 1 # ${advice}`
    execFileSync('sh', ['-c', command], { cwd, stdio: 'pipe' })
  }

  it.each(['.', 'notes', 'notes/src'])('has advice that works when followed in %s', async (place) => {
    const cwd = await fresh()
    const here = join(cwd, place)
    const path = join(cwd, 'notes/.ai-eng/project.json')
    writeFileSync(path, '{')
    const { code, stderr } = await cli(['status'], { cwd: here, env })
    expect(code).toBe(4)
    follow(here, stderr)
    expect((await cli(['status'], { cwd: here, env })).code).toBe(0)
  })

  it('names git where git has an earlier one, and no git where it has not', async () => {
    const cwd = await fresh()
    writeFileSync(join(cwd, 'ai-eng.json'), '{')
    const { stderr } = await cli(['status'], { cwd: join(cwd, 'notes'), env })
    expect(stderr).toBe(
      '../ai-eng.json is not valid JSON. Nothing was changed\nFix it by hand, or move it away, then repeat your set and skip commands\n',
    )
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', ...args], { cwd })
    git('init', '-q')
    writeFileSync(join(cwd, 'ai-eng.json'), '{"schemaVersion":1}')
    git('add', 'ai-eng.json')
    git('commit', '-q', '-m', 'settings')
    writeFileSync(join(cwd, 'ai-eng.json'), '{')
    follow(cwd, (await cli(['status'], { cwd, env })).stderr)
    expect((await cli(['status'], { cwd, env })).code).toBe(0)
  })

  it('is a project again after it was moved away and adopted, where git has none', async () => {
    const cwd = await fresh()
    rmSync(join(cwd, 'notes/.git'), { recursive: true })
    writeFileSync(join(cwd, 'notes/.ai-eng/project.json'), '{')
    const { stderr } = await cli(['status'], { cwd, env })
    expect(stderr).toContain('move it away, then: ai-eng-starter adopt TEMPLATE notes\n')
    rmSync(join(cwd, 'notes/.ai-eng/project.json'))
    await cli(['adopt', 'summariser', 'notes', '--offline'], { cwd, env })
    expect((await run(cwd, 'status')).result.milestones[0].steps[0]).toMatchObject({ project: 'notes' })
  })

  it('does not count a broken record, says so, and goes on', async () => {
    const cwd = await fresh()
    mkdirSync(join(cwd, 'notes/.ai-eng/evidence/measured'), { recursive: true })
    writeFileSync(join(cwd, 'notes/.ai-eng/evidence/measured/x.json'), '{')
    const { code, stdout } = await cli(['status'], { cwd, env })
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /Note: notes\/\.ai-eng\/evidence\/measured\/x\.json is not valid JSON: it does\s+not\s+count/,
    )
  })
})

describe('set', () => {
  it.each([
    [['deplyUrl', 'https://a.example'], /Did you mean deployUrl/],
    [['deployUrl', 'notes.example.com'], /not an http address/],
    [['deployUrl', 'https://me:secret@a.example'], /user name/],
    [
      ['deployUrl', 'http://notes.example.com'],
      /not encrypted[\s\S]*set deployUrl https:\/\/notes\.example\.com/,
    ],
    [['deployUrl', 'HTTP://NOTES.EXAMPLE.COM:8080/x'], /not encrypted/],
    [['deployUrl', 'http://8.8.8.8'], /not encrypted/],
    [['deployUrl', 'http://[2606:4700:4700::1111]'], /not encrypted/],
    [['deployUrl', 'http://localhost.example.com'], /not encrypted/],
    [['ossPr', 'http://github.com/them/tool/pull/5'], /not encrypted/],
    [['ossPr', 'https://github.com/them/tool/issues/5'], /not the address of a pull request/],
    [['ossPr', 'https://github.com/them/tool/pull/new'], /not the address of a pull request/],
    [['ossPr', 'https://gitlab.com/them/tool/-/merge_requests/5'], /not the address of a pull request/],
    [['postPath', '../post.md'], /below the roadmap folder/],
    [['postPath', '/etc/passwd'], /below the roadmap folder/],
    [['postPath', '~/post.md'], /below the roadmap folder/],
    [['postPath', './'], /below the roadmap folder/],
    [['postPath', 'https://blog.example.com/post'], /an address, not a file/],
    [['deployProject', 'nothing'], /No project is in "nothing"/],
  ])('refuses %j and writes nothing', async (args, message) => {
    const cwd = temporaryDirectory()
    const { code, stderr } = await cli(['set', ...args], { cwd, env })
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(snapshot(cwd)).toEqual({})
  })

  it.each([
    ['deployUrl', 'https://notes.example.com', 'https://notes.example.com/', null],
    ['deployUrl', 'http://localhost:8080', 'http://localhost:8080/', /this machine or its network/],
    ['deployUrl', 'http://192.168.1.7:8080', 'http://192.168.1.7:8080/', /this machine or its network/],
    ['deployUrl', 'https://nas.local', 'https://nas.local/', /this machine or its network/],
    ['ossPr', 'https://github.com/them/tool/pull/5', 'https://github.com/them/tool/pull/5', null],
    [
      'ossPr',
      'https://www.github.com/them/tool/pull/5/files?w=1#diff',
      'https://github.com/them/tool/pull/5',
      null,
    ],
    ['deployProject', './notes/', 'notes', null],
    ['postPath', './later.md', 'later.md', /there is no later\.md yet/],
    ['postPath', 'here.md', 'here.md', null],
  ])('stores %s %s as the gate reads it', async (key, value, stored, note) => {
    const cwd = await fresh()
    writeFileSync(join(cwd, 'here.md'), '# A post')
    const { code, stdout } = await cli(['set', key, value], { cwd, env })
    expect(code).toBe(0)
    expect(JSON.parse(readFileSync(join(cwd, 'ai-eng.json'), 'utf8')).vars[key]).toBe(stored)
    if (note === null) expect(stdout).not.toContain('Note:')
    else expect(stdout).toMatch(note)
  })

  it('refuses a folder and another spelling of the file for a post', async () => {
    const cwd = await fresh()
    writeFileSync(join(cwd, 'Post.md'), '# A post')
    for (const [value, why] of [
      ['notes', /is a folder/],
      ['post.md', /differs from Post\.md/],
    ] as const) {
      const { code, stderr } = await cli(['set', 'postPath', value], { cwd, env })
      expect(code).toBe(2)
      expect(stderr).toMatch(why)
    }
    expect(existsSync(join(cwd, 'ai-eng.json'))).toBe(false)
  })

  it('keeps a value beside what a newer version wrote, from inside a project too', async () => {
    const cwd = await fresh()
    writeFileSync(join(cwd, 'ai-eng.json'), '{"schemaVersion":1,"pace":"slow"}')
    expect((await cli(['set', 'deployProject', 'notes'], { cwd: join(cwd, 'notes'), env })).code).toBe(0)
    expect(JSON.parse(readFileSync(join(cwd, 'ai-eng.json'), 'utf8'))).toMatchObject({
      pace: 'slow',
      vars: { deployProject: 'notes' },
    })
    const { code, stdout } = await cli(['check', 'live'], { cwd, env })
    expect(code).toBe(3)
    expect(stdout).toContain('deployUrl is not set')
  })
})

describe('what is printed', () => {
  const TOO_LONG = /^(?=.{81,}$)(?!\S*\s*\S+$)(?!Evidence: )/m

  it('fits 80 columns, has no colours in a pipe, and says what comes next first', async () => {
    const cwd = await fresh()
    for (const args of [['status'], ['check'], ['status'], ['hint'], ['hint', 'own-cases', '--level', '4']]) {
      const { stdout } = await cli(args, { cwd, env })
      expect(stdout).not.toMatch(TOO_LONG)
      expect(stdout).not.toContain('\u001b')
    }
    const { stdout } = await cli([], { cwd: join(cwd, 'notes'), env })
    expect(stdout).toMatch(
      /^You are at Summariser in notes\/: 0 of 7 required gates passed\.\nNext: built: ai-eng-starter build/,
    )
    expect(stdout).toContain('Run:  ai-eng-starter check built\nHelp: ai-eng-starter hint built\n')
  })

  it('tells about the road where nothing is yet', async () => {
    const cwd = temporaryDirectory()
    const { code, stdout } = await cli(['status'], { cwd, env })
    expect(code).toBe(0)
    expect(stdout).toContain('Run:  ai-eng-starter next')
    const checked = await cli(['check'], { cwd, env })
    expect(checked).toMatchObject({ code: 3, stdout: '' })
    expect(checked.stderr).toContain('Start it: ai-eng-starter new summariser')
    expect(snapshot(cwd)).toEqual({})
  })

  it('names the gate that somebody meant', async () => {
    const { code, stderr } = await cli(['hint', 'own-case'], { cwd: temporaryDirectory(), env })
    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean own-cases?')
    const { stdout } = await cli(['hint', 'extractor/own-cases'], { cwd: temporaryDirectory(), env })
    expect(stdout).toContain('own-cases: Five cases about them')
  })
})
