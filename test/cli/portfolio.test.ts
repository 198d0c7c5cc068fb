import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
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
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { OWN } from '../own-documents.ts'
import { startStandIns } from '../solved/stand-ins.ts'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { cli } from './run.ts'

const env = { GITHUB_TOKEN: '', GH_TOKEN: '', NO_COLOR: '' }
const ANSWER = 'The <b>words</b> differed, [the numbers](javascript:alert(1)) never did'

async function run(cwd: string, args: string[], more: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = await cli([...args, '--json'], { cwd, env: { ...env, ...more } })
  return { code, stderr, ...JSON.parse(stdout) }
}

function read(cwd: string, name: string): string {
  return readFileSync(join(cwd, 'portfolio', name), 'utf8')
}

/** A run of ten cases of which the first `passed` pass. */
function report(passed: number, prompts: string): string {
  const cases = Array.from({ length: 10 }, (_, index) => ({
    id: `case-${index}`,
    caseHash: `hash-${index}`,
    outcome: index < passed ? 'pass' : 'fail',
    score: index < passed ? 1 : 0,
  }))
  return JSON.stringify({
    schema: 'eval-report.v1',
    name: 'summaries',
    startedAt: `2026-01-0${passed}T00:00:00.000Z`,
    commit: null,
    dirty: null,
    provider: { name: 'heuristic', model: 'heuristic', deterministic: true },
    hashes: { cases: 'c', graders: 'g', prompts, harness: 'h' },
    cases,
    summary: {
      ...{ total: 10, passed, errors: 0, meanScore: passed / 10 },
      ...{ costUsd: passed / 1000, p50LatencyMs: passed * 10, p95LatencyMs: passed * 20 },
    },
    gate: { verdict: 'pass', reasons: [] },
  })
}

/** Each starts the program a dozen times. */
const SLOW = { timeout: 120_000 }

const kept = mkdtempSync(join(tmpdir(), 'ai-eng-worked-'))
beforeAll(() => work(kept), SLOW.timeout)
afterAll(() => rmSync(kept, { recursive: true, force: true }))

function worked(): string {
  const cwd = temporaryDirectory()
  cpSync(kept, cwd, { recursive: true, preserveTimestamps: true })
  return cwd
}

/** A project with one change measured, an answer of the learner's, and a gate that they skipped. */
async function work(cwd: string): Promise<void> {
  await cli(['new', 'summariser', 'notes', '--yes', '--no-install'], { cwd })
  const folder = join(cwd, 'notes/evals/experiments')
  mkdirSync(folder)
  writeFileSync(join(folder, 'short-prompt.before.json'), report(3, 'p1'))
  writeFileSync(join(folder, 'short-prompt.after.json'), report(8, 'p2'))
  writeFileSync(join(folder, 'short-prompt.md'), 'I made the prompt shorter and it got better. '.repeat(5))
  for (const [name, text] of OWN) writeFileSync(join(cwd, 'notes/evals/documents', name), text)
  git(join(cwd, 'notes'), 'remote', 'add', 'origin', 'https://github.com/learner/notes.git')
  git(join(cwd, 'notes'), 'add', '-A')
  git(join(cwd, 'notes'), 'commit', '-q', '-m', 'work')
  await cli(['check', 'measured', 'own-documents'], { cwd, env })
  await cli(['check', 'same-prompt', '--answer', ANSWER], { cwd, env })
  await cli(['skip', 'real-model', '--reason', 'no machine that runs one'], { cwd, env })
}

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid']
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' })
}

describe('portfolio', SLOW, () => {
  it('is there on day one, tells its author alone what to run, and is a repository of its own', async () => {
    const cwd = temporaryDirectory()
    const { code, result } = await run(cwd, ['portfolio'])
    expect(code).toBe(0)
    expect(result.files.map(({ change }: { change: string }) => change)).toEqual(['new', 'new', 'new'])
    for (const name of ['PORTFOLIO.md', 'index.html']) {
      expect(read(cwd, name)).toContain('Nothing to show yet')
      expect(read(cwd, name)).not.toMatch(/ai-eng-starter (?:next|set|check)/)
    }
    const { stdout } = await cli(['portfolio'], { cwd, env })
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/ai-eng-starter set deployUrl.*ai-eng-starter next/)
    expect(git(join(cwd, 'portfolio'), 'log', '--format=%s').trim()).toBe('Portfolio')
    expect(git(join(cwd, 'portfolio'), 'status', '--porcelain')).toBe('')
    const before = snapshot(cwd)
    expect(await run(cwd, ['portfolio'])).toMatchObject({ code: 0 })
    expect(snapshot(cwd)).toEqual(before)
  })

  it('tells what evidence holds, and labels what nobody could check', async () => {
    const cwd = worked()
    expect((await run(cwd, ['portfolio'])).code).toBe(0)
    const text = read(cwd, 'PORTFOLIO.md')
    expect(text).toContain('3/10 -\\> 8/10, 5 fixed, 0 regressed, same 10 cases')
    expect(text).toContain('Exact McNemar p = 0.063: it may be chance')
    expect(text).toMatch(/Own words.*words.*self-reported 2/)
    expect(text).not.toMatch(/no machine/)
    expect(text).toContain('30 ms -\\> 80 ms per answer (median), \\$0.0030 -\\> \\$0.0080 per run')
    const page = read(cwd, 'index.html')
    expect(page).toContain('3/10 → 8/10, 5 fixed, 0 regressed, same 10 cases')
    expect(page).toContain('<span class="badge">self-reported</span>')
    expect(page).not.toContain('<span class="badge">skipped</span>')
    const { evals } = JSON.parse(read(cwd, 'portfolio.json'))
    expect(evals[0].claims.map(({ standing }: { standing: string }) => standing)).toContain('waived')
  })

  it('leads with what each project does, where it runs, and what in it is the author’s', async () => {
    const cwd = worked()
    await run(cwd, ['portfolio'])
    const text = read(cwd, 'PORTFOLIO.md')
    const lead = text.slice(text.indexOf('## '), text.indexOf('## Measured'))
    expect(lead).toMatch(
      /^## Work\n\n### Summariser\n\nStreamed summaries of any text, .*\. It runs on its author/,
    )
    expect(lead).toContain('3/10 -\\> 8/10')
    expect(lead).toMatch(
      /\*\*Written by the author\*\*: \d+ files with \d+ new lines; \d+ other files as the starter/,
    )
    expect(text).not.toMatch(/\bgates?\b/)
    expect(read(cwd, 'index.html').replace(/<style>[\s\S]*<\/style>/, '')).not.toMatch(/\bgates?\b/)
    const manifest = join(cwd, 'notes/package.json')
    const json = JSON.parse(readFileSync(manifest, 'utf8'))
    writeFileSync(manifest, JSON.stringify({ ...json, description: 'Shortens minutes of <i>meetings</i>' }))
    await run(cwd, ['portfolio'])
    expect(read(cwd, 'index.html')).toContain('Shortens minutes of &#60;i&#62;meetings')
  })

  it('counts what was skipped, and lists it on request until asked otherwise', async () => {
    const cwd = worked()
    await run(cwd, ['portfolio'])
    expect(read(cwd, 'PORTFOLIO.md')).toContain('1 check of the roadmap was skipped and is not listed')
    const { stdout } = await cli(['portfolio'], { cwd, env })
    expect(stdout).toContain('Note: 1 skipped gate not listed; --skipped lists them')
    await run(cwd, ['portfolio', '--skipped'])
    expect(read(cwd, 'PORTFOLIO.md')).toMatch(/no machine that runs one \(skipped 2/)
    expect(read(cwd, 'index.html')).toContain('<span class="badge">skipped</span>')
    expect(read(cwd, 'PORTFOLIO.md')).not.toContain('not listed')
    expect(await run(cwd, ['portfolio', '--check'])).toMatchObject({ code: 0 })
    await run(cwd, ['portfolio'])
    expect(read(cwd, 'PORTFOLIO.md')).not.toMatch(/no machine/)
    expect(await run(cwd, ['portfolio', '--check'])).toMatchObject({ code: 0 })
  })

  it('shows scores of earlier records, which have neither latency nor cost', async () => {
    const cwd = worked()
    const folder = join(cwd, 'notes/.ai-eng/evidence/measured')
    for (const name of readdirSync(folder)) {
      const record = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      const { measures: _, ...data } = record.data
      writeFileSync(join(folder, name), JSON.stringify({ ...record, data }))
    }
    await run(cwd, ['portfolio'])
    const text = read(cwd, 'PORTFOLIO.md')
    expect(text).toContain('3/10 -\\> 8/10')
    expect(text).not.toContain('per answer')
  })

  it('shows what is no longer so as of earlier files, and what failed since as not there', async () => {
    const cwd = worked()
    writeFileSync(join(cwd, 'notes/evals/experiments/short-prompt.md'), 'Nothing to say.')
    await run(cwd, ['portfolio'])
    expect(read(cwd, 'PORTFOLIO.md')).toContain('(of an earlier version 2')
    await cli(['check', 'measured'], { cwd, env })
    await run(cwd, ['portfolio'])
    expect(read(cwd, 'PORTFOLIO.md')).not.toContain('3/10')
  })

  it('shows text as text: nothing in it becomes markup, a script or a link that runs one', async () => {
    const cwd = worked()
    await run(cwd, ['portfolio'])
    writeFileSync(
      join(cwd, 'portfolio/PORTFOLIO.md'),
      `# <script>alert(1)</script>\n\n[x](javascript:alert(1)) "><img src=x>\n\n${read(cwd, 'PORTFOLIO.md').replace(/^# Portfolio\n/, '')}`,
    )
    await run(cwd, ['portfolio'])
    const page = read(cwd, 'index.html')
    expect(page).not.toMatch(/<script|<img|<b>|href="javascript/)
    expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    expect(page).toContain(`style-src &#39;sha256-${hash}&#39;`)
    expect(read(cwd, 'PORTFOLIO.md')).not.toMatch(/[^\\]\[the numbers\]/)
  })
})

describe('what the learner wrote in the portfolio', SLOW, () => {
  it('stays to the byte around the generated part, and is on the page', async () => {
    const cwd = worked()
    await run(cwd, ['portfolio'])
    const mine = '# Wim A.\n\nI measure things.\r\n\n'
    const below = '\n\n## Contact\n\nwim@example.invalid'
    writeFileSync(
      join(cwd, 'portfolio/PORTFOLIO.md'),
      `${mine}${read(cwd, 'PORTFOLIO.md').replace('# Portfolio\n\n', '').trimEnd()}${below}`,
    )
    await cli(['unskip', 'real-model'], { cwd, env })
    const { result } = await run(cwd, ['portfolio', '--skipped'])
    expect(result.files[0]).toMatchObject({ change: 'written' })
    expect(read(cwd, 'PORTFOLIO.md').startsWith(mine)).toBe(true)
    expect(read(cwd, 'PORTFOLIO.md').endsWith(below)).toBe(true)
    expect(read(cwd, 'PORTFOLIO.md')).not.toContain('no machine')
    expect(read(cwd, 'index.html')).toContain('<h1>Wim A.</h1>\n<p>I measure things.')
  })

  it('is kept when it is a file of theirs, or the generated part with their changes', async () => {
    const cwd = worked()
    mkdirSync(join(cwd, 'portfolio'))
    writeFileSync(join(cwd, 'portfolio/index.html'), '<p>my own page</p>')
    writeFileSync(join(cwd, 'portfolio/PORTFOLIO.md'), 'Only words of mine, no marks')
    await run(cwd, ['portfolio'])
    expect(read(cwd, 'index.html')).toBe('<p>my own page</p>')
    expect(read(cwd, 'PORTFOLIO.md')).toMatch(/^Only words of mine, no marks\n\n<!-- ai-eng-starter begin/)
    const edited = read(cwd, 'PORTFOLIO.md').replace('5 fixed', '7 fixed')
    writeFileSync(join(cwd, 'portfolio/PORTFOLIO.md'), edited)
    const { stdout } = await cli(['portfolio'], { cwd, env })
    expect(stdout).toContain('portfolio/PORTFOLIO.md was edited by hand and stays unchanged')
    expect(read(cwd, 'PORTFOLIO.md')).toBe(edited)
  })

  it.each([
    [
      'a portfolio.json of something else',
      (cwd: string) => writeFileSync(join(cwd, 'portfolio/portfolio.json'), '{"name":"stocks"}'),
    ],
    [
      'a page that is a link out of the folder',
      (cwd: string) => symlinkSync('/etc/hostname', join(cwd, 'portfolio/index.html')),
    ],
    [
      'one mark without the other',
      (cwd: string) => writeFileSync(join(cwd, 'portfolio/PORTFOLIO.md'), '<!-- ai-eng-starter begin -->\n'),
    ],
  ])('is never written over: %s is refused in two lines', async (_name, prepare) => {
    const cwd = temporaryDirectory()
    mkdirSync(join(cwd, 'portfolio'))
    prepare(cwd)
    const before = snapshot(cwd)
    const { code, stdout, stderr } = await cli(['portfolio'], { cwd, env })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toHaveLength(2)
    expect(snapshot(cwd)).toEqual(before)
  })
})

describe('a record of CI', SLOW, () => {
  const linked = async () => {
    const cwd = worked()
    const standIns = await startStandIns(join(cwd, 'notes'))
    const github = { GITHUB_API_URL: standIns.url, GITHUB_TOKEN: 'x', AI_ENG_STARTER_ALLOW_LOOPBACK: '1' }
    const { result } = await run(cwd, ['check', 'ci-green'], github)
    standIns.close()
    return { cwd, record: join(cwd, result.evidence[0]) }
  }
  const told = async (cwd: string) => {
    const { result } = await run(cwd, ['portfolio'])
    const [project] = result.portfolio.projects
    return { text: read(cwd, 'PORTFOLIO.md'), project }
  }

  it('of the project’s own origin links the repository, the run and the commits', async () => {
    const { cwd } = await linked()
    const { text, project } = await told(cwd)
    expect(text).toContain('https://github.com/learner/notes/actions/runs/1')
    expect(text).toContain('https://github.com/learner/notes/commit/')
    expect(project).toMatchObject({ met: 3, repository: { url: 'https://github.com/learner/notes' } })
  })

  it.each([
    [
      'names another repository',
      (text: string) => text.replaceAll('learner/notes', 'torvalds/linux'),
      'https://github.com/learner/notes.git',
    ],
    [
      'names a run of another repository',
      (text: string) => text.replace('learner/notes/actions', 'torvalds/linux/actions'),
      'https://github.com/learner/notes.git',
    ],
    ['is of what is origin no more', (text: string) => text, 'https://git.example.org/notes.git'],
  ])('that %s proves nothing, and the reader is told why', async (_, forge, origin) => {
    const { cwd, record } = await linked()
    writeFileSync(record, forge(readFileSync(record, 'utf8')))
    git(join(cwd, 'notes'), 'remote', 'set-url', 'origin', origin)
    const { text, project } = await told(cwd)
    expect(text).not.toMatch(/\(<https:\/\/github\.com/)
    expect(text).toMatch(/\*\*CI\*\*: the record is of .* \(from another repository 2/)
    expect(project).toMatchObject({ met: 2, repository: null })
  })
})

describe('portfolio --check', SLOW, () => {
  it('fails while the files are missing or older than the evidence, and writes nothing', async () => {
    const cwd = worked()
    const outdated = async () => {
      const before = snapshot(cwd)
      const { code, error } = await run(cwd, ['portfolio', '--check'])
      expect(snapshot(cwd)).toEqual(before)
      return code === 0 ? null : { code, message: error.message }
    }
    expect(await outdated()).toMatchObject({ code: 1, message: expect.stringContaining('Out of date: ') })
    await run(cwd, ['portfolio'])
    expect(await outdated()).toBeNull()
    await cli(['unskip', 'real-model'], { cwd, env })
    expect(await outdated()).toMatchObject({ code: 1 })
    await run(join(cwd, 'portfolio'), ['portfolio'])
    expect(await outdated()).toBeNull()
  })

  it('cannot tell where the projects are not beside it', async () => {
    const cwd = worked()
    await run(cwd, ['portfolio'])
    const clone = temporaryDirectory()
    git(clone, 'clone', '-q', join(cwd, 'portfolio'), 'portfolio')
    expect(await run(clone, ['portfolio', '--check'])).toMatchObject({ code: 3 })
  })
})

describe('portfolio --verify', SLOW, () => {
  const linked = async (without: Parameters<typeof startStandIns>[1] = []) => {
    const cwd = worked()
    const first = await startStandIns(join(cwd, 'notes'))
    const vars = { deployUrl: first.url, deployProject: 'notes' }
    writeFileSync(join(cwd, 'ai-eng.json'), JSON.stringify({ schemaVersion: 1, vars }))
    const loopback = { GITHUB_API_URL: first.url, GITHUB_TOKEN: 'x', AI_ENG_STARTER_ALLOW_LOOPBACK: '1' }
    await run(cwd, ['check', 'ci-green', 'live'], loopback)
    first.close()
    const port = Number(new URL(first.url).port)
    const now = await startStandIns(join(cwd, 'notes'), without, port)
    onTestFinished(now.close)
    return { cwd, loopback }
  }

  it('passes while every link holds', async () => {
    const { cwd, loopback } = await linked()
    const { code, result } = await run(cwd, ['portfolio', '--verify'], loopback)
    expect(result.links.map(({ result: one }: { result: string }) => one)).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect(code).toBe(0)
  })

  it('says where a project runs only if the public could see it run', async () => {
    const { cwd } = await linked()
    const { result } = await run(cwd, ['portfolio'])
    const place = /It runs at 127\.0\.0\.1:\d+\. \[127/
    expect(result.portfolio.projects[0].runsAt).toBe(null)
    expect(read(cwd, 'PORTFOLIO.md').replaceAll('\\', '')).not.toMatch(place)
    expect(read(cwd, 'PORTFOLIO.md')).toContain("against a server on the author's machine")
    // The record of a check that asked a public address.
    const folder = join(cwd, 'notes/.ai-eng/evidence/live')
    for (const name of readdirSync(folder)) {
      const record = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      writeFileSync(
        join(folder, name),
        JSON.stringify({ ...record, env: { ...record.env, loopback: false } }),
      )
    }
    await run(cwd, ['portfolio'])
    const text = read(cwd, 'PORTFOLIO.md').replaceAll('\\', '')
    expect(text.slice(0, text.indexOf('## Measured'))).toMatch(place)
  })

  it.each([
    ['ci', 'actions/runs/1'],
    ['deploy', '127.0.0.1'],
  ] as const)('fails when what it claims is gone: %s', async (name, where) => {
    const { cwd, loopback } = await linked([name])
    const { code, error } = await run(cwd, ['portfolio', '--verify'], loopback)
    expect({ code, message: error.message }).toEqual({ code: 1, message: expect.stringContaining(where) })
  })

  it('does not know when GitHub cannot be reached', async () => {
    const { cwd, loopback } = await linked()
    const away = { ...loopback, GITHUB_API_URL: 'http://127.0.0.1:9' }
    expect(await run(cwd, ['portfolio', '--verify'], away)).toMatchObject({ code: 3 })
  })
})
