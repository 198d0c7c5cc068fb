import { describe, expect, it } from 'vitest'
import { gate, look, project } from './gate-world.ts'

const heuristic = { name: 'heuristic', model: 'heuristic', deterministic: true }
const scripted = { name: 'openai-compatible', model: 'scripted', deterministic: false }

const CASES = [
  { id: 'flour', question: 'Why did the loaves rise less in March?', document: 'bread.md' },
  { id: 'rest', question: 'How much longer does the dough rest now?', document: 'bread.md' },
]
const FILES = {
  'docs/bread.md':
    'Our bakery changed its flour in March. The loaves rose less, so we let the dough rest forty minutes longer and wrote both times on the wall.',
  'evals/cases.jsonl': lines(CASES),
}

function lines(values: readonly object[]): string {
  return values.map((value) => JSON.stringify(value)).join('\n')
}

interface ReportOptions {
  ids?: string[]
  passing?: string[]
  verdict?: string
  startedAt?: string
  provider?: object
  graders?: string
  prompts?: string
}

/** A document as the evals layer writes it. */
function report(options: ReportOptions = {}): object {
  const { ids = ['flour', 'rest'], passing = ids, verdict = 'pass', provider = heuristic } = options
  const { startedAt = '2099-01-01T00:00:00.000Z', graders = 'g', prompts = 'p' } = options
  const cases = ids.map((id) => ({
    id,
    caseHash: id,
    outcome: passing.includes(id) ? 'pass' : 'fail',
    score: 1,
  }))
  return {
    schema: 'eval-report.v1',
    name: 'chat',
    startedAt,
    commit: null,
    dirty: false,
    provider,
    hashes: { cases: 'c', graders, prompts, harness: 'h' },
    cases,
    summary: { total: ids.length, passed: passing.length, errors: 0, meanScore: 1 },
    gate: { verdict, reasons: verdict === 'pass' ? [] : ['flour was lost'] },
  }
}

const own = { min: 2, refers: { field: 'document', documents: ['docs/*.md'] } }
const common = { kind: 'eval', suite: 'chat', cases: 'evals/cases.jsonl', own }

describe('eval, of a report', () => {
  const reported = gate({ ...common, record: 'report' })
  const PATH = 'reports/eval-chat.json'

  it('passes with a run of all cases, two of them the learner’s', async () => {
    const root = project({ ...FILES, [PATH]: report({ passing: ['flour'] }) })
    expect(await look(root, reported)).toMatchObject({
      result: 'passed',
      data: { passed: 1, total: 2, own: ['flour', 'rest'], ownPassed: 1 },
    })
  })

  it.each([
    ['no-cases', { 'evals/cases.jsonl': '\n' }],
    ['bad-cases', { 'evals/cases.jsonl': '{"id":' }],
    ['too-few-own', { 'evals/cases.jsonl': lines([{ ...CASES[0], id: 'shipped' }, CASES[1] ?? {}]) }],
    ['too-few-own', { 'docs/bread.md': '' }],
    [
      'too-few-own',
      {
        'evals/cases.jsonl': lines([
          { ...CASES[0], question: 'When does the ferry to the outer islands leave in the morning' },
          CASES[1] ?? {},
        ]),
      },
    ],
    ['no-report', { [PATH]: undefined }],
    ['bad-report', { [PATH]: '{}' }],
    ['bad-report', { [PATH]: JSON.stringify(report()).slice(0, 300) }],
    ['stale-report', { [PATH]: report({ ids: ['flour'] }) }],
    ['stale-report', { [PATH]: report({ startedAt: '2020-01-01T00:00:00.000Z' }) }],
    ['not-passing', { [PATH]: report({ verdict: 'regression' }) }],
  ])('fails with %s: %j', async (code, changes) => {
    const files = Object.entries({ ...FILES, [PATH]: report(), ...changes })
    const root = project(
      Object.fromEntries(files.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]]))),
    )
    expect(await look(root, reported)).toMatchObject({ result: 'failing', code })
  })
})

describe('eval, of baselines', () => {
  const blessed = gate({ ...common, record: 'baseline', minCases: 2 })
  const baseline = (provider: object, ids = ['flour', 'rest']) => ({
    schema: 'eval-baseline.v1',
    provider,
    cases: ids.map((id) => ({ id, caseHash: id, outcome: 'pass', score: 1 })),
  })
  const FLOOR = 'evals/baseline.heuristic.json'
  const MODEL = 'evals/baseline.openai-compatible.json'

  it('passes with a model beside the heuristic', async () => {
    const root = project({ ...FILES, [FLOOR]: baseline(heuristic), [MODEL]: baseline(scripted) })
    expect(await look(root, blessed)).toMatchObject({
      result: 'passed',
      data: { model: 'scripted', paired: 2 },
    })
  })

  it.each([
    ['no-baseline', { [MODEL]: baseline(scripted) }],
    ['no-real-model', { [FLOOR]: baseline(heuristic) }],
    ['bad-baseline', { [FLOOR]: baseline(heuristic), [MODEL]: '[]' }],
    ['not-covered', { [FLOOR]: baseline(heuristic), [MODEL]: baseline(scripted, ['flour']) }],
  ])('fails with %s', async (code, files) => {
    expect(await look(project({ ...FILES, ...files }), blessed)).toMatchObject({ result: 'failing', code })
  })
})

describe('eval-delta', () => {
  const measured = gate({ kind: 'eval-delta', folder: 'evals/experiments', minPaired: 2, minNoteWords: 10 })
  const at = 'evals/experiments/rest'
  const PAIR = {
    [`${at}.before.json`]: report({ passing: ['flour'] }),
    [`${at}.after.json`]: report({ startedAt: '2099-01-02T00:00:00.000Z', prompts: 'other' }),
    [`${at}.md`]: 'We let it rest longer, expected one case more, and got exactly that one case.',
  }

  it('passes with two runs and a note, also when nothing got better', async () => {
    expect(await look(project(PAIR), measured)).toMatchObject({
      result: 'passed',
      found: 'rest: 1/2 -> 2/2, 1 fixed, 0 regressed',
    })
    const worse = report({ passing: [], startedAt: '2099-01-02T00:00:00.000Z', prompts: 'other' })
    expect(await look(project({ ...PAIR, [`${at}.after.json`]: worse }), measured)).toMatchObject({
      result: 'passed',
    })
  })

  it.each([
    ['no-pair', { [`${at}.after.json`]: undefined }],
    ['bad-report', { [`${at}.after.json`]: '{' }],
    [
      'not-comparable',
      { [`${at}.after.json`]: report({ graders: 'x', startedAt: '2099-01-02T00:00:00.000Z' }) },
    ],
    ['same-run', { [`${at}.after.json`]: report({ passing: ['flour'] }) }],
    ['same-run', { [`${at}.after.json`]: report({ startedAt: '2099-01-02T00:00:00.000Z' }) }],
    [
      'too-few-paired',
      {
        [`${at}.after.json`]: report({ ids: ['flour'], prompts: 'x', startedAt: '2099-01-02T00:00:00.000Z' }),
      },
    ],
    ['no-note', { [`${at}.md`]: undefined }],
    ['short-note', { [`${at}.md`]: 'It got better.' }],
  ])('fails with %s', async (code, changes) => {
    const files = Object.entries({ ...PAIR, ...changes })
    const root = project(
      Object.fromEntries(files.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]]))),
    )
    expect(await look(root, measured)).toMatchObject({ result: 'failing', code })
  })
})
