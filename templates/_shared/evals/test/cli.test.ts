import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runEvals } from '#kit/evals/cli'
import { CannotRunError } from '#kit/evals/errors'
import { evalReport } from '#kit/evals/report'
import { type Grader, sealSuite } from '#kit/evals/suite'
import { openLlm } from '#kit/llm/model'
import {
  type CapitalCase,
  createSurroundings,
  createTinySuite,
  FRANCE,
  ITALY,
  makeRoot,
  openScripted,
  SPAIN,
  writeCases,
} from '#kit/testing/tiny-suite'

const BASELINE = 'evals/baseline.heuristic.json'
const REPORT = 'reports/eval-capitals.json'
const wrong = createTinySuite({ answer: async ({ id, capital }) => (id === 'italy' ? 'Milan' : capital) })
const broken = createTinySuite({ answer: () => Promise.reject(new Error('no connection')) })

/** Runs one command in `root` and returns the exit code and what was printed. */
async function run(root: string, argv: string[], suite = createTinySuite(), changes = {}) {
  const world = createSurroundings(root, changes)
  const exitCode = await runEvals(argv, async () => suite, world)
  return { exitCode, ...world.printed }
}

const read = (root: string, path: string) => readFile(join(root, path), 'utf8')
const readReport = async (root: string) => evalReport.parse(JSON.parse(await read(root, REPORT)))

async function blessedRoot(cases: object[] = [FRANCE, ITALY, SPAIN]) {
  const root = await makeRoot(cases)
  expect(await run(root, ['bless'])).toMatchObject({ exitCode: 0 })
  return root
}

describe('npm run eval', () => {
  it('ends with 4 and names the command when there is no baseline yet', async () => {
    const root = await makeRoot([FRANCE])
    const { exitCode, stdout } = await run(root, [])
    expect(exitCode).toBe(4)
    expect(stdout).toContain('\nNO BASELINE YET\n')
    expect(stdout).not.toContain('CANNOT')
    expect(stdout).toContain('npm run eval:bless')
    expect((await readReport(root)).gate).toMatchObject({ verdict: 'no-baseline', exitCode: 4 })
    expect(await read(root, 'reports/eval-capitals.md')).toContain('## Evals of capitals: NO BASELINE YET')
  })

  it('calls a complete run that has no sound comparison CANNOT COMPARE, and one with errors CANNOT RUN', async () => {
    const root = await blessedRoot([FRANCE, ITALY])
    await writeCases(root, [FRANCE])
    expect((await run(root, [])).stdout).toContain('\nCANNOT COMPARE\n')
    expect((await run(root, [], broken)).stdout).toContain('\nCANNOT RUN\n')
  })

  it('passes next to rows that fail with a count of them, and shows what they answered', async () => {
    const root = await makeRoot([FRANCE, ITALY, SPAIN])
    await run(root, ['bless'], wrong)
    const { exitCode, stdout } = await run(root, [], wrong)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('PASS\n  no new failures (1 known)\n')
    expect(stdout).toContain('italy:\n  answer    Milan\n  why       capital: missing "Rome"\n')
    expect(await read(root, 'reports/eval-capitals.md')).toContain('- italy\n  - answer: `Milan`\n')
  })

  it('shows answers as the suite renders them, new failures first, and says where the others are', async () => {
    const cases = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => ({ ...ITALY, id }))
    const root = await makeRoot(cases)
    const failing = (ids: string[]) =>
      createTinySuite({
        answer: async ({ id }) => (ids.includes(id) ? '{"city":"Milan"}' : 'Rome'),
        describe: ({ country }) => ({ input: `The capital of ${country}?`, expected: 'Rome' }),
        renderOutput: (output) => JSON.parse(output).city,
      })
    await run(root, ['bless'], failing(['a', 'b', 'c', 'd', 'e']))
    const { stdout } = await run(root, [], failing(['a', 'b', 'c', 'd', 'e', 'g']))
    expect(stdout).toContain('g:\n  asked     The capital of Italy?\n  answer    Milan\n  expected  Rome\n')
    expect(stdout.match(/^\w(?=:$)/gm)).toEqual(['g', 'a', 'b', 'c', 'd'])
    expect(stdout).toContain('\n1 more: reports/eval-capitals.md\n')
  })

  it('prepares once, before the first case, and counts that in no latency', async () => {
    const root = await makeRoot([FRANCE, ITALY, SPAIN])
    const seen: string[] = []
    const suite = createTinySuite({
      prepare: async () => {
        await sleep(300)
        seen.push('prepared')
      },
      answer: async ({ id, capital }) => {
        seen.push(id)
        return capital
      },
    })
    await run(root, [], suite)
    expect(seen).toEqual(['prepared', 'france', 'italy', 'spain'])
    expect((await readReport(root)).cases.every(({ latencyMs }) => latencyMs < 300)).toBe(true)
  })

  it('ends with 4 and two lines when nothing could be prepared', async () => {
    const prepare = () => Promise.reject(new Error('docs-sample cannot be read'))
    expect(await run(await makeRoot([FRANCE]), [], createTinySuite({ prepare }))).toMatchObject({
      exitCode: 4,
      stdout: '',
      stderr: expect.stringMatching(/^docs-sample cannot be read\n.+\n$/),
    })
  })

  it('passes against its own baseline and writes a valid report and a page', async () => {
    const root = await blessedRoot()
    expect(await run(root, [])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('\nPASS\n') })
    const report = await readReport(root)
    expect(report).toMatchObject({
      name: 'capitals',
      startedAt: '2026-01-02T03:04:05.000Z',
      commit: null,
      dirty: null,
    })
    expect(report.summary).toMatchObject({ total: 3, passed: 3, meanScore: 1, costUsd: 0 })
    expect(await read(root, 'reports/eval-capitals.md')).toContain('| france | pass | 1.00 | = |  |')
    expect(await readdir(join(root, 'reports'))).toEqual([
      'eval-capitals.json',
      'eval-capitals.md',
      'history.jsonl',
    ])
  })

  it('ends with 1 when a case is lost, and says which and why', async () => {
    const root = await blessedRoot()
    const { exitCode, stdout } = await run(root, [], wrong)
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/italy +fail +0\.00 +-1\.00 +capital: missing "Rome"/)
    expect(stdout).toMatch(/REGRESSION\n {2}italy passed in the baseline and fails now/)
  })

  it('ends with 4 when no case could be answered: that is no pass and no regression', async () => {
    const root = await blessedRoot()
    const { exitCode, stdout } = await run(root, [], broken)
    expect(exitCode).toBe(4)
    expect(stdout).toContain('no connection')
  })

  it('ends with 4 for a baseline that it cannot understand, and leaves it unchanged', async () => {
    const root = await blessedRoot()
    await writeFile(join(root, BASELINE), '{"schema":"eval-baseline.v9"}')
    for (const argv of [[], ['bless']]) {
      expect(await run(root, argv)).toMatchObject({ exitCode: 4, stderr: expect.stringContaining(BASELINE) })
    }
    expect(await read(root, BASELINE)).toBe('{"schema":"eval-baseline.v9"}')
  })

  it('shows a real model against the deterministic baseline until it has its own', async () => {
    const root = await blessedRoot()
    const scripted = createTinySuite({ ...wrong, open: openScripted })
    const { exitCode, stdout } = await run(root, [], scripted)
    expect(exitCode).toBe(4)
    expect(stdout).toContain('against heuristic / heuristic, 3 of 3, mean score 1.000: -1 passed')
    await run(root, ['bless'], scripted)
    expect(await run(root, [], scripted)).toMatchObject({ exitCode: 0 })
    expect(await readdir(join(root, 'evals'))).toContain('baseline.openai-compatible.json')
  })

  it('answers without a model with --offline, whatever the environment says', async () => {
    const root = await blessedRoot()
    const env = { AI_PROVIDER: 'openai-compatible' }
    const open = () => (env.AI_PROVIDER === 'heuristic' ? createTinySuite().open() : openScripted())
    const suite = createTinySuite({ open })
    await run(root, [], suite, { env })
    expect((await readReport(root)).provider.name).toBe('openai-compatible')
    expect(await run(root, ['--offline'], suite, { env })).toMatchObject({ exitCode: 0 })
    expect((await readReport(root)).provider.name).toBe('heuristic')
  })

  it('keeps the report of the heuristic when a model runs, until the heuristic runs again', async () => {
    const root = await blessedRoot()
    const scripted = createTinySuite({ ...wrong, open: openScripted })
    const listReports = async () =>
      (await readdir(join(root, 'reports'))).filter((name) => /json$/.test(name))
    for (const _run of ['first', 'second']) {
      await run(root, ['bless'], scripted)
      expect(await listReports()).toEqual(['eval-capitals.heuristic.json', 'eval-capitals.json'])
      const kept = evalReport.parse(JSON.parse(await read(root, 'reports/eval-capitals.heuristic.json')))
      expect(kept).toMatchObject({ provider: { name: 'heuristic' }, summary: { passed: 3 } })
      expect((await readReport(root)).provider.model).toBe('scripted')
    }
    await run(root, [], createTinySuite())
    expect(await listReports()).toEqual(['eval-capitals.json'])
    expect((await readReport(root)).provider.name).toBe('heuristic')
  })

  it.each([
    ['with nothing', 'stop', ''],
    ['and is cut off', 'length', 'It is Ro'],
    ['and is filtered', 'content_filter', 'It'],
  ])(
    'counts a model that answers %s as one that fails the case, so that it can be blessed',
    async (_name, end, text) => {
      const server = createServer((_request, response) => {
        const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: end }]
        const body = { id: '1', object: 'chat.completion', created: 1, model: 'weak', choices }
        response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
      })
      await once(server.listen(0, '127.0.0.1'), 'listening')
      onTestFinished(() => void server.close().closeAllConnections())
      const { port } = server.address() as AddressInfo
      const env = { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, AI_MODEL: 'weak' }
      const root = await blessedRoot()
      const weak = createTinySuite({ open: () => openLlm({ env, tasks: {} }) })
      await run(root, ['bless'], weak)
      const { cases, summary, gate } = await readReport(root)
      expect({ ...summary, verdict: gate.verdict }).toMatchObject({ failed: 3, errors: 0, verdict: 'pass' })
      expect(cases[0]).toMatchObject({
        outcome: 'fail',
        score: 0,
        error: null,
        grades: [{ grader: 'answered' }],
      })
      expect(await readdir(join(root, 'evals'))).toContain('baseline.openai-compatible.json')
    },
  )

  it('holds a suite that says so to no baseline, and says why', async () => {
    const root = await blessedRoot()
    const looking = createTinySuite({ ...wrong, ungated: 'these are only to look at' })
    expect(await run(root, [], looking)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('NOT GATED\n  these are only to look at'),
    })
    expect((await readReport(root)).gate).toMatchObject({ verdict: 'not-gated', lost: [], baseline: null })
  })

  it('appends the page to the job summary on GitHub', async () => {
    const root = await blessedRoot()
    const summary = join(root, 'summary.md')
    await writeFile(summary, '# before\n')
    await run(root, [], createTinySuite(), { env: { GITHUB_STEP_SUMMARY: summary } })
    expect(await readFile(summary, 'utf8')).toMatch(/^# before\n## Evals of capitals: PASS\n/)
  })

  it('lets no output of a model act on a terminal or in a page', async () => {
    const nasty = '\u001b]52;c;aGk=\u0007`![x](http://example.test/q)` | <img>'
    const root = await blessedRoot()
    const suite = createTinySuite({ graders: { capital: () => ({ pass: false, score: 0, reason: nasty }) } })
    const { stdout } = await run(root, [], suite)
    expect(stdout).not.toContain('\u001b')
    expect(await read(root, 'reports/eval-capitals.md')).toContain(
      "`capital: ]52;c;aGk= '![x](http://example.test/q)' \\| <img>`",
    )
  })

  it('prints only the report with --json', async () => {
    const root = await blessedRoot()
    const { stdout } = await run(root, ['--json'])
    expect(evalReport.parse(JSON.parse(stdout))).toEqual(await readReport(root))
  })

  it('leaves no report behind when interrupted, not even an older one', async () => {
    const root = await blessedRoot()
    const interrupt = new AbortController()
    const suite = createTinySuite({
      answer: () => {
        interrupt.abort(new CannotRunError('interrupted', 'No report was written', 130))
        return new Promise<string>(() => {})
      },
    })
    expect(await run(root, [], suite, { signal: interrupt.signal })).toMatchObject({
      exitCode: 130,
      stdout: '',
      stderr: 'interrupted\nNo report was written\n',
    })
    expect(await readdir(join(root, 'reports'))).toEqual(['history.jsonl'])
  })
})

describe('npm run eval:bless', () => {
  it('writes the same bytes for the same results, and history only when something changed', async () => {
    const root = await blessedRoot()
    const [baseline, history] = [await read(root, BASELINE), await read(root, 'reports/history.jsonl')]
    const again = await run(root, ['bless'], createTinySuite(), {
      clock: () => new Date('2027-01-01T00:00:00Z'),
    })
    expect(again).toMatchObject({ exitCode: 0, stderr: `${BASELINE} already says this: nothing to bless\n` })
    expect(await read(root, BASELINE)).toBe(baseline)
    expect(await read(root, 'reports/history.jsonl')).toBe(history)

    expect(await run(root, ['bless'], wrong)).toMatchObject({
      stderr: expect.stringContaining('given up: italy'),
    })
    const lines = (await read(root, 'reports/history.jsonl')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        at: '2026-01-02T03:04:05.000Z',
        commit: null,
        provider: 'heuristic',
        passed: 3,
        total: 3,
        meanScore: 1,
      },
      { passed: 2, total: 3 },
    ])
  })

  it('has one line per case, sorted by id, without times', async () => {
    const root = await blessedRoot([SPAIN, FRANCE])
    const lines = (await read(root, BASELINE)).split('\n').filter((line) => line.includes('caseHash'))
    expect(lines).toEqual([
      expect.stringMatching(/^ {4}\{"id":"france","caseHash":"[0-9a-f]{64}","outcome":"pass","score":1\},$/),
      expect.stringMatching(/^ {4}\{"id":"spain",.*\}$/),
    ])
  })

  it('keeps a weak model, whose critical case fails, and does not call that a regression', async () => {
    const root = await blessedRoot([FRANCE, { ...ITALY, critical: true }])
    const weak = createTinySuite({ ...wrong, open: openScripted })
    const { exitCode, stdout } = await run(root, ['bless'], weak)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('\nBLESSED\n  critical case italy fails\n')
    expect(await run(root, [], weak)).toMatchObject({ exitCode: 1 })
    const measured = await run(root, ['measure', 'prompt'], weak)
    expect(measured).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('\nMEASURED\n') })
  })

  it('refuses a run with errors and keeps the baseline', async () => {
    const root = await blessedRoot()
    const before = await read(root, BASELINE)
    expect(await run(root, ['bless'], broken)).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining('CANNOT RUN'),
      stderr: expect.stringContaining('not blessed'),
    })
    expect(await read(root, BASELINE)).toBe(before)
  })

  it('blesses removed, changed and new cases, which the gate stops at or lists', async () => {
    const root = await blessedRoot([FRANCE, ITALY])
    await writeCases(root, [{ ...FRANCE, tags: ['changed'] }, SPAIN])
    const { exitCode, stdout } = await run(root, [])
    expect(exitCode).toBe(4)
    expect(stdout).toContain('italy is in the baseline and no longer in the cases')
    expect(stdout).toContain('france was changed since the baseline')
    expect(await run(root, ['bless'])).toMatchObject({ exitCode: 0 })
    expect(await run(root, [])).toMatchObject({ exitCode: 0 })
  })
})

const AT = 'evals/experiments/rome-first'
const answerBut = (id: string) =>
  createTinySuite({ answer: async (one) => (one.id === id ? 'Lyon' : one.capital) })

/** Italy failed before the change. */
async function measuredRoot() {
  const root = await blessedRoot()
  expect(await run(root, ['measure', 'rome-first'], wrong)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(
      /^kept: evals\/experiments\/rome-first\.before\.json\nNow change one thing/,
    ),
  })
  return root
}

describe('npm run measure', () => {
  it('keeps the run before a change, then the one after it, and says what was gained and lost', async () => {
    const root = await measuredRoot()
    await writeFile(join(root, 'src/prompts.ts'), 'export const prompt = 2\n')
    const { exitCode, stderr } = await run(root, ['measure', 'rome-first'], answerBut('france'))
    expect({ exitCode, lines: stderr.trimEnd().split('\n') }).toEqual({
      exitCode: 0,
      lines: [
        `kept: ${AT}.after.json`,
        'before 2 of 3, after 2 of 3; exact McNemar p = 1.0',
        'gained: italy; lost: france',
        expect.stringContaining(`Now write ${AT}.md: what you changed`),
      ],
    })
    for (const part of ['before', 'after'])
      expect(evalReport.parse(JSON.parse(await read(root, `${AT}.${part}.json`))).cases).toHaveLength(3)
    const lines = (await read(root, `${AT}.after.json`)).split('\n')
    expect(lines.filter((line) => line.includes('caseHash'))).toHaveLength(3)
  })

  it('keeps nothing where nothing changed, where graders changed, and for errors', async () => {
    const root = await measuredRoot()
    expect(await run(root, ['measure', 'rome-first'], wrong)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/^nothing changed since .+\nChange one thing and commit it/),
    })
    expect(await run(root, ['measure', 'rome-first'], broken)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('not measured'),
    })
    await writeFile(join(root, 'evals/graders.ts'), 'export const other = 1\n')
    expect(await run(root, ['measure', 'rome-first'], answerBut('france'))).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/^the graders changed since/),
    })
    expect(await readdir(join(root, 'evals/experiments'))).toEqual(['rome-first.before.json'])
  })

  it('asks no model for a name that has both runs, and replaces the second with --again', async () => {
    const root = await measuredRoot()
    await writeFile(join(root, 'src/prompts.ts'), 'export const prompt = 2\n')
    await run(root, ['measure', 'rome-first'], answerBut('france'))
    const asked: string[] = []
    const asking = createTinySuite({
      answer: async ({ id, capital }) => {
        asked.push(id)
        return capital
      },
    })
    const refused = await run(root, ['measure', 'rome-first'], asking)
    expect({ ...refused, asked }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--again'),
      asked: [],
    })
    expect(await run(root, ['measure', 'rome-first', '--again'], asking)).toMatchObject({ exitCode: 0 })
    expect(asked).toHaveLength(3)
    expect(await read(root, `${AT}.after.json`)).not.toContain('Lyon')
  })
})

describe('npm run eval -- --filter', () => {
  it('shows the answer of a case that fails', async () => {
    const { stdout } = await run(await blessedRoot(), ['--filter', 'italy'], wrong)
    expect(stdout).toContain('italy:\n  answer    Milan\n')
  })

  it('runs some cases, and neither gates nor writes', async () => {
    const root = await makeRoot([FRANCE, { ...ITALY, tags: ['boot-shaped'] }, SPAIN])
    const { exitCode, stdout } = await run(root, ['--filter', 'boot'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('NOT GATED')
    expect(stdout).toMatch(/italy/)
    expect(stdout).not.toMatch(/france/)
    expect(await readdir(root)).not.toContain('reports')
  })

  it('ends with 2 when no case matches', async () => {
    expect(await run(await makeRoot([FRANCE]), ['--filter', 'x'])).toMatchObject({ exitCode: 2 })
  })
})

describe('npm run eval -- --self-test', () => {
  it('ends with 0 when the graders fail bad answers', async () => {
    const { exitCode, stdout } = await run(await makeRoot([FRANCE, ITALY, SPAIN]), ['--self-test'])
    expect(exitCode).toBe(0)
    expect(stdout.match(/^caught/gm)).toHaveLength(3)
  })

  it('ends with 1 when an echo of the input passes, and names the cases that let it', async () => {
    const suite = createTinySuite({ echo: ({ capital }) => capital })
    const { exitCode, stdout } = await run(await makeRoot([FRANCE, ITALY, SPAIN]), ['--self-test'], suite)
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/LET THROUGH {2}an echo of the input: failed 0 of 3/)
    expect(stdout).toContain('passed by france, italy, spain')
    expect(stdout).toContain('worth nothing')
  })

  it('lets graders look at the sources of the real answer', async () => {
    const grounded: Grader<CapitalCase> = (output, _case, { sources }) => {
      if (sources.length === 0) throw new Error('no source')
      const pass = sources.some(({ text }) => output !== '' && text.includes(output))
      return { pass, score: pass ? 1 : 0, reason: '' }
    }
    const suite = createTinySuite({
      graders: { grounded },
      answer: async ({ country, capital }) => ({
        output: capital,
        sources: [{ document: 'atlas', text: `${capital} is the capital of ${country}` }],
      }),
    })
    const { exitCode, stdout } = await run(await makeRoot([FRANCE, ITALY, SPAIN]), ['--self-test'], suite)
    expect(exitCode).toBe(1)
    expect(stdout).toContain('LET THROUGH  an echo of the input: failed 0 of 3')
    expect(stdout).toContain("caught       another case's answer: failed 3 of 3")
  })

  it("ends with 1 when another case's answer passes", async () => {
    const suite = createTinySuite({ answer: async () => 'Paris, Rome or Madrid' })
    const { exitCode, stdout } = await run(await makeRoot([FRANCE, ITALY, SPAIN]), ['--self-test'], suite)
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/LET THROUGH {2}another case's answer/)
  })

  it('ends with 4 when a grader throws at a bad answer instead of failing it', async () => {
    const capital = (output: string) => {
      if (output === '') throw new Error('nothing to grade')
      return { pass: true, score: 1, reason: '' }
    }
    const suite = createTinySuite({ graders: { capital } })
    const { exitCode, stderr } = await run(await makeRoot([FRANCE, ITALY]), ['--self-test'], suite)
    expect(exitCode).toBe(4)
    expect(stderr).toContain('cannot grade an empty answer')
  })
})

describe('npm run eval -- --compare', () => {
  const compared = createTinySuite({
    compare: {
      name: 'ways',
      async run(cases, { concurrency, note }) {
        note(`${cases.length} cases, ${concurrency} at a time`)
        return `# Ways\n\n${cases.map(({ id }) => id).join(', ')}\n`
      },
    },
  })

  it('prints the page of the suite, writes it to reports/, and leaves report and baseline unchanged', async () => {
    const root = await blessedRoot()
    const [report, baseline] = [await read(root, REPORT), await read(root, BASELINE)]
    expect(await run(root, ['--compare', '--concurrency', '2'], compared)).toEqual({
      exitCode: 0,
      stdout: '# Ways\n\nfrance, italy, spain\n',
      stderr: '3 cases, 2 at a time\n',
    })
    expect(await read(root, 'reports/ways.md')).toBe('# Ways\n\nfrance, italy, spain\n')
    expect([await read(root, REPORT), await read(root, BASELINE)]).toEqual([report, baseline])
  })

  it('of some cases is printed only', async () => {
    const root = await makeRoot([FRANCE, ITALY])
    const { exitCode, stdout } = await run(root, ['--compare', '--filter', 'ita'], compared)
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '# Ways\n\nitaly\n' })
    expect(await readdir(root)).not.toContain('reports')
  })

  it('ends with 2, before anything is asked, where the suite offers none', async () => {
    const suite = createTinySuite({ answer: () => Promise.reject(new Error('asked')) })
    expect(await run(await makeRoot([FRANCE]), ['--compare'], suite)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'this suite has nothing to compare\nevals/suite.ts can offer `compare`\n',
    })
  })

  it('ends with 4 and no page when it fails, and stops on Ctrl-C even when it ignores its signal', async () => {
    const root = await makeRoot([FRANCE])
    const failing = { name: 'ways', run: () => Promise.reject(new Error('no connection')) }
    expect(await run(root, ['--compare'], createTinySuite({ compare: failing }))).toMatchObject({
      exitCode: 4,
    })
    const interrupt = new AbortController()
    const hanging = () => {
      interrupt.abort(new CannotRunError('interrupted', 'No report was written', 130))
      return new Promise<string>(() => {})
    }
    const suite = createTinySuite({ compare: { name: 'ways', run: hanging } })
    expect(await run(root, ['--compare'], suite, { signal: interrupt.signal })).toMatchObject({
      exitCode: 130,
      stdout: '',
    })
    expect(await readdir(root)).not.toContain('reports')
  })

  it('lets nothing in the page act on a terminal', async () => {
    const suite = createTinySuite({ compare: { name: 'ways', run: async () => 'a\u001b[2Jb\n' } })
    expect(await run(await makeRoot([FRANCE]), ['--compare'], suite)).toMatchObject({ stdout: 'ab\n' })
  })
})

describe('several suites', () => {
  const second = (changes: Parameters<typeof createTinySuite>[0] = {}) =>
    sealSuite(createTinySuite({ name: 'second', baseline: 'evals/second.baseline', ...changes }))

  it('are run one after another, each against its own baseline', async () => {
    const root = await makeRoot([FRANCE, ITALY])
    const suite = createTinySuite({ also: [second()] })
    expect(await run(root, ['bless'], suite)).toMatchObject({ exitCode: 0 })
    expect(await run(root, [], suite)).toMatchObject({ exitCode: 0 })
    expect(await readdir(join(root, 'evals'))).toEqual(
      expect.arrayContaining(['baseline.heuristic.json', 'second.baseline.heuristic.json']),
    )
    expect(await readdir(join(root, 'reports'))).toContain('eval-second.json')
    expect(await read(root, 'reports/history.jsonl')).toContain('"suite":"second"')
  })

  it('end with the worst result, and a lost case of the second is a regression', async () => {
    const root = await makeRoot([FRANCE, ITALY])
    await run(root, ['bless'], createTinySuite({ also: [second()] }))
    const lossy = second({ answer: async ({ id, capital }) => (id === 'italy' ? 'Milan' : capital) })
    expect(await run(root, [], createTinySuite({ also: [lossy] }))).toMatchObject({ exitCode: 1 })
    expect(await run(root, ['--suite', 'capitals'], createTinySuite({ also: [lossy] }))).toMatchObject({
      exitCode: 0,
    })
  })

  it.each([
    [['--filter', 'italy']],
    [['--json']],
    [['--compare']],
    [['measure', 'rome-first']],
    [['--suite', 'third']],
  ])('want to be told apart for %j', async (argv) => {
    const { exitCode, stderr } = await run(
      await makeRoot([FRANCE]),
      argv,
      createTinySuite({ also: [second()] }),
    )
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/capitals(?: or|,) second/)
  })
})

describe('usage', () => {
  it.each([
    [['--frobnicate']],
    [['blss']],
    [['bless', 'more']],
    [['bless', '--filter', 'x']],
    [['--filter', '']],
    [['--concurrency', '0']],
    [['--concurrency', 'many']],
    [['--self-test', 'bless']],
    [['--self-test', '--json']],
    [['--self-test', '--compare']],
    [['--compare', '--json']],
    [['--compare', 'bless']],
    [['measure']],
    [['measure', '../up']],
    [['measure', 'a', 'b']],
    [['measure', 'a', '--filter', 'x']],
    [['--again']],
  ])('ends with 2, one line what and one line what to do, for %j', async (argv) => {
    const { exitCode, stdout, stderr } = await run(await makeRoot([FRANCE]), argv)
    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
    expect(stderr.trimEnd().split('\n')).toHaveLength(2)
  })

  it('explains itself with --help', async () => {
    expect(await run(await makeRoot([FRANCE]), ['--help'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('exit codes'),
    })
  })

  it('ends with 2 for a setting that is missing', async () => {
    const { openLlm } = await import('#kit/llm/model')
    const suite = createTinySuite({ open: () => openLlm({ env: { AI_PROVIDER: 'anthropic' }, tasks: {} }) })
    expect(await run(await makeRoot([FRANCE]), [], suite)).toMatchObject({ exitCode: 2 })
  })
})

describe('in a git repo', () => {
  it('records the commit, and leaves git status clean', async () => {
    const root = await blessedRoot()
    await mkdir(join(root, 'reports'), { recursive: true })
    await writeFile(join(root, '.gitignore'), 'reports/\n')
    const git = async (...args: string[]) =>
      (
        await promisify(execFile)('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.test', ...args], {
          cwd: root,
        })
      ).stdout
    await git('init', '--quiet')
    await git('add', '.')
    await git('commit', '--quiet', '-m', 'first')
    expect((await run(root, [])).exitCode).toBe(0)
    expect((await run(root, ['bless'])).exitCode).toBe(0)
    expect(await git('status', '--porcelain')).toBe('')
    expect(await readReport(root)).toMatchObject({
      commit: (await git('rev-parse', 'HEAD')).trim(),
      dirty: false,
    })
    await run(root, ['measure', 'first'])
    expect(await readReport(root)).toMatchObject({ dirty: false })
    expect(await run(root, ['measure', 'first'])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('nothing changed since'),
    })
    await writeFile(join(root, 'src/prompts.ts'), 'export const prompt = 2\n')
    expect(await run(root, [])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('note: prompts changed since the baseline'),
    })
    expect(await readReport(root)).toMatchObject({ dirty: true })
  })
})
