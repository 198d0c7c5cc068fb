import { createHash } from 'node:crypto'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeEvidence } from '../../../src/core/gates/kinds.ts'
import { temporaryDirectory } from '../../temporary.ts'
import { gate, look, project, SAMPLE, write } from './gate-world.ts'

const heuristic = { name: 'heuristic', model: 'heuristic', deterministic: true }
const scripted = { name: 'openai-compatible', model: 'scripted', deterministic: false }

const CASES = [
  { id: 'flour', question: 'Why did the loaves rise less in March?', document: 'bread.md' },
  { id: 'rest', question: 'How much longer does the dough rest now?', document: 'bread.md' },
]
const BREAD =
  'Our bakery changed its flour in March. The loaves rose less, so we let the dough rest forty minutes longer and wrote both times on the wall.'
const FILES = { 'docs/bread.md': BREAD, 'evals/cases.jsonl': lines(CASES) }

/** Of a case and its document, as the evals layer makes it. */
function hashOf(id: string): string {
  const one = CASES.find((at) => at.id === id)
  if (!one) return id
  const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
  const { document, question } = one
  return hash([hash({ document, id, question }), hash([[`docs/${document}`, BREAD]])])
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
    caseHash: hashOf(id),
    outcome: passing.includes(id) ? 'pass' : 'fail',
    score: 1,
    grades: [{ grader: 'facts', pass: passing.includes(id), score: 1, reason: '' }],
  }))
  const counts = { total: ids.length, passed: passing.length, failed: ids.length - passing.length, errors: 0 }
  return {
    schema: 'eval-report.v1',
    name: 'chat',
    startedAt,
    commit: null,
    dirty: false,
    provider,
    hashes: { cases: 'c', graders, prompts, harness: 'h' },
    cases,
    summary: { ...counts, passRate: passing.length / ids.length, meanScore: 1 },
    gate: { verdict, reasons: verdict === 'pass' ? [] : ['flour was lost'] },
  }
}

const own = { min: 2, refers: { field: 'document', documents: ['docs/*.md'] } }
const common = { kind: 'eval', suite: 'chat', cases: 'evals/cases.jsonl', own, files: [['docs/{document}']] }

/** What somebody makes of a report who wants it to look better. */
function edited(one: object, changes: Record<string, unknown>): object {
  const { summary, cases } = one as { summary: object; cases: object[] }
  const { outcome, ...sums } = changes
  const better = outcome ? cases.map((at) => ({ ...at, outcome })) : cases
  return { ...one, cases: better, summary: { ...summary, ...sums } }
}

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

  it('embeds latency and cost of the run, and words them next to the score', async () => {
    const measured = edited(report(), { p50LatencyMs: 41.6, costUsd: 0.0123 })
    const { data } = await look(project({ ...FILES, [PATH]: measured }), reported)
    expect(data).toMatchObject({ p50LatencyMs: 41.6, costUsd: 0.0123 })
    expect(describeEvidence(reported, data)?.text).toBe(
      '2/2 test questions pass; 2 of the 2 that I wrote (rules, no language model); 42 ms per answer (median), $0.0123 per run',
    )
    const unpriced = edited(report(), { p50LatencyMs: 3, costUsd: null })
    const without = await look(project({ ...FILES, [PATH]: unpriced }), reported)
    expect(describeEvidence(reported, without.data)?.text).toContain(
      '3 ms per answer (median), an unknown price',
    )
    const earlier = await look(project({ ...FILES, [PATH]: report() }), reported)
    expect(describeEvidence(reported, earlier.data)?.text).toMatch(/language model\)$/)
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
    [
      'too-few-own',
      {
        'evals/cases.jsonl': lines(
          [1, 2, 3].map((year) => ({
            ...CASES[0],
            id: `flour-${year}`,
            question: `Why less in 200${year}?`,
          })),
        ),
      },
    ],
    ['contradicts-itself', { [PATH]: edited(report({ passing: ['flour'] }), { passed: 2 }) }],
    ['contradicts-itself', { [PATH]: edited(report({ passing: ['flour'] }), { passRate: 1 }) }],
    ['contradicts-itself', { [PATH]: edited(report(), { meanScore: 0.5 }) }],
    [
      'contradicts-itself',
      {
        [PATH]: edited(report({ passing: ['flour'] }), {
          outcome: 'pass',
          passed: 2,
          failed: 0,
          passRate: 1,
        }),
      },
    ],
    ['not-passing', { [PATH]: report({ verdict: 'regression' }) }],
  ])('fails with %s: %j', async (code, changes) => {
    const files = Object.entries({ ...FILES, [PATH]: report(), ...changes })
    const root = project(
      Object.fromEntries(files.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]]))),
    )
    expect(await look(root, reported)).toMatchObject({ result: 'failing', code })
  })

  const bad = report({ provider: scripted, passing: [], verdict: 'regression' })

  it('reads the report of the heuristic, whichever model ran after it', async () => {
    const root = project({ ...FILES, 'reports/eval-chat.heuristic.json': report(), [PATH]: bad })
    expect(await look(root, reported)).toMatchObject({
      result: 'passed',
      data: { provider: heuristic, passed: 2 },
    })
    write(join(root, 'app'), { 'reports/eval-chat.heuristic.json': report({ verdict: 'regression' }) })
    expect(await look(root, reported)).toMatchObject({
      code: 'not-passing',
      where: 'reports/eval-chat.heuristic.json',
    })
  })

  it('takes a model’s run that passed, and asks for the heuristic’s where it did not', async () => {
    const good = report({ provider: scripted, passing: ['flour'] })
    expect(await look(project({ ...FILES, [PATH]: good }), reported)).toMatchObject({ result: 'passed' })
    expect(await look(project({ ...FILES, [PATH]: bad }), reported)).toMatchObject({
      code: 'of-a-model',
      found: 'a run of scripted only: 0/2 cases pass',
    })
  })

  it('counts cases about documents that were ingested from elsewhere', async () => {
    const elsewhere = temporaryDirectory()
    write(elsewhere, { 'bread.md': BREAD })
    const list = { schema: 'ingested.v1', documents: { 'bread.md': join(elsewhere, 'bread.md') } }
    const refers = { ...own.refers, listedIn: '.data/ingested.json' }
    const listed = gate({ ...common, own: { min: 2, refers }, record: 'report' })
    const { 'evals/cases.jsonl': lines } = FILES
    const root = project({ 'evals/cases.jsonl': lines, [PATH]: report() })
    expect(await look(root, listed)).toMatchObject({ code: 'too-few-own' })
    write(join(root, 'app'), { '.data/ingested.json': list })
    expect(await look(root, listed)).toMatchObject({ result: 'passed', data: { own: ['flour', 'rest'] } })
  })

  it.each([
    ['its id is shipped', { ...CASES[1], id: 'shipped' }, 'shipped (a template ships a case with this id'],
    [
      'it names no document',
      { id: 'x', question: 'Who swept the floor?' },
      'x (names no document in "document")',
    ],
    [
      'its document is not there',
      { id: 'x', question: 'Who swept the floor?', document: 'floor.md' },
      'x (there is no document floor.md)',
    ],
    [
      'its document is a shipped one',
      { id: 'x', question: 'Who swept the floor?', document: 'ferry.md' },
      'x (ferry.md is a shipped document, or a copy)',
    ],
    [
      'only its numbers are new',
      { ...CASES[0], id: 'x', question: 'Why did the loaves rise less in March 2?' },
      'x (the same as flour',
    ],
    [
      'it is another in nearly the same words',
      { ...CASES[0], id: 'x', question: 'Why did the loaves rise less in March?', note: 'indeed so' },
      'x (nearly the same as flour)',
    ],
    [
      'it is a shipped one in other words',
      { ...CASES[0], id: 'x', question: 'When does the ferry to the outer isles leave in the morning' },
      'x (a shipped case in other words)',
    ],
    ['it is a draft', { ...CASES[1], id: 'x', tags: ['draft'] }, 'x (a draft: review it'],
  ])('names a case that does not count and says why: %s', async (_, other, said) => {
    const root = project({
      ...FILES,
      'docs/ferry.md': SAMPLE,
      'evals/cases.jsonl': lines([CASES[0] ?? {}, other]),
      [PATH]: report(),
    })
    expect(await look(root, reported)).toMatchObject({
      code: 'too-few-own',
      found: expect.stringContaining(`1 case you wrote; not counted as yours: ${said}`),
    })
  })

  it('does not list the cases that a template ships, and groups the others by reason', async () => {
    const shipped = {
      id: 'shipped',
      question: 'When does the ferry to the outer islands leave in the morning',
    }
    const mine = ['a', 'b', 'c', 'd'].map((id) => ({ id, question: `Who swept floor ${id}?` }))
    const root = project({ ...FILES, 'evals/cases.jsonl': lines([CASES[0] ?? {}, shipped, ...mine]) })
    const { found } = await look(root, reported)
    expect(found).toBe(
      '1 case you wrote; not counted as yours: a, b, c and 1 more (names no document in "document")',
    )
  })

  const earlier = { [PATH]: report({ startedAt: '2020-01-01T00:00:00.000Z' }) }

  it('looks at what the cases say, not at when their file was written', async () => {
    const root = project({ ...FILES, ...earlier })
    utimesSync(join(root, 'app/evals/cases.jsonl'), new Date(), new Date())
    expect(await look(root, reported)).toMatchObject({ result: 'passed' })
  })

  it.each([
    ['a case', { 'evals/cases.jsonl': FILES['evals/cases.jsonl'].replace('rise less', 'rise more') }],
    ['its document', { 'docs/bread.md': `${BREAD} Nobody reads the wall.` }],
  ])('fails with stale-report when %s is another than the one that ran', async (_, changes) => {
    const root = project({ ...FILES, ...earlier })
    write(join(root, 'app'), changes)
    expect(await look(root, reported)).toMatchObject({
      code: 'stale-report',
      found: expect.stringMatching(/^changed after the last run: flour/),
    })
  })

  it('believes times where the suite of the learner hashes other files than the template’s', async () => {
    const other = gate({ ...common, record: 'report', files: [['elsewhere/{document}']] })
    expect(await look(project({ ...FILES, ...earlier }), other)).toMatchObject({ code: 'stale-report' })
    expect(await look(project({ ...FILES, [PATH]: report() }), other)).toMatchObject({ result: 'passed' })
  })
})

describe('eval, of a target with cases of its own', () => {
  const reported = gate({ ...common, record: 'report', targets: 'evals/targets.json' })
  const blessed = gate({ ...common, record: 'baseline', targets: 'evals/targets.json' })
  const bot = { type: 'project', directory: '../bot', cases: 'evals/bot.jsonl' }
  const asked = [
    { id: 'open', input: 'When does the bakery open on Sundays?', tags: [] },
    { id: 'rye', input: 'Which loaf has no wheat in it?' },
  ]
  const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
  const sorted = ({ id, input, tags }: { id: string; input: string; tags?: string[] }) => ({
    ...{ id, input, ...(tags && { tags }) },
  })
  const ran = (cases: typeof asked) => {
    const { cases: _, ...head } = report({ ids: cases.map(({ id }) => id) }) as { cases: unknown }
    const results = cases.map((one) => ({
      id: one.id,
      caseHash: hash(sorted(one)),
      outcome: 'pass',
      score: 1,
    }))
    return { ...head, name: 'bot', cases: results }
  }
  const TARGETS = { 'evals/targets.json': { default: 'chat', targets: { chat: { type: 'prompt' }, bot } } }
  const BOT = { ...TARGETS, 'evals/bot.jsonl': lines(asked), 'reports/eval-bot.json': ran(asked) }

  it('passes with a run of those cases, whatever became of the bundled ones', async () => {
    const root = project({ ...BOT, 'evals/cases.jsonl': '' })
    expect(await look(root, reported)).toMatchObject({
      result: 'passed',
      data: { suite: 'bot', own: ['open', 'rye'] },
    })
  })

  it('does not count drafts, and says so', async () => {
    const drafts = [asked[0] ?? {}, { ...asked[1], tags: ['draft'] }]
    const root = project({ ...BOT, 'evals/bot.jsonl': lines(drafts) })
    expect(await look(root, reported)).toMatchObject({
      code: 'too-few-own',
      where: 'evals/bot.jsonl',
      found: '1 case you wrote; not counted as yours: rye (a draft: review it, then remove its tag "draft")',
    })
  })

  it('passes with the bundled suite as well', async () => {
    const root = project({ ...FILES, ...TARGETS, 'reports/eval-chat.json': report() })
    expect(await look(root, reported)).toMatchObject({ result: 'passed', data: { suite: 'chat' } })
  })

  it('looks for its baselines under its own name', async () => {
    const baseline = (provider: object) => ({
      ...{ schema: 'eval-baseline.v1', provider },
      cases: asked.map(({ id }) => ({ id, caseHash: id, outcome: 'pass', score: 1 })),
    })
    const root = project({
      ...BOT,
      'evals/bot.baseline.heuristic.json': baseline(heuristic),
      'evals/bot.baseline.openai-compatible.json': baseline(scripted),
    })
    expect(await look(root, blessed)).toMatchObject({ result: 'passed', data: { suite: 'bot', paired: 2 } })
  })

  it.each(['[]', '{"targets":', '{"targets":{"bot":{"cases":"../elsewhere.jsonl"}}}'])(
    'is not found in the targets %s, which change nothing for the suite',
    async (text) => {
      const root = project({ ...FILES, 'evals/targets.json': text, 'reports/eval-chat.json': report() })
      expect(await look(root, reported)).toMatchObject({ result: 'passed', data: { suite: 'chat' } })
    },
  )
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

  it('takes latency and cost of the model from its last blessing, and passes over lines that are none', async () => {
    const entry = { suite: 'chat', provider: 'openai-compatible', model: 'scripted', passed: 1, total: 2 }
    const history = lines([
      { ...entry, p50LatencyMs: 900, costUsd: 0.5 },
      { ...entry, p50LatencyMs: 340, costUsd: 0.004 },
      { ...entry, suite: 'other', p50LatencyMs: 1, costUsd: 0 },
      { ...entry, provider: 'heuristic', model: 'heuristic', p50LatencyMs: 2, costUsd: 0 },
    ])
    const files = { ...FILES, [FLOOR]: baseline(heuristic), [MODEL]: baseline(scripted) }
    const root = project({ ...files, 'reports/history.jsonl': `${history}\nnot a line of ours\n` })
    const { result, data } = await look(root, blessed)
    expect({ result, data }).toMatchObject({ result: 'passed', data: { p50LatencyMs: 340, costUsd: 0.004 } })
    expect(describeEvidence(blessed, data)?.text).toContain('340 ms per answer (median), $0.0040 per run')
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

describe('eval, of the baseline of a program that answered', () => {
  const blessed = gate({ ...common, record: 'baseline', minCases: 2 })
  const program = { name: 'command', model: 'through ask', deterministic: false }
  const answered = (provider: object, ...outputs: string[]) => {
    const { cases, ...rest } = report({ provider }) as { cases: object[] }
    return { ...rest, cases: cases.map((one, index) => ({ ...one, output: outputs[index] })) }
  }
  const baseline = (provider: object) => ({
    ...{ schema: 'eval-baseline.v1', provider },
    cases: ['flour', 'rest'].map((id) => ({ id, caseHash: id, outcome: 'pass', score: 1 })),
  })
  const rules = answered(heuristic, 'The loaves rose less.', 'It rests longer.')
  const lay = (...outputs: string[]) =>
    project({
      ...FILES,
      'evals/baseline.heuristic.json': baseline(heuristic),
      'evals/baseline.command.json': baseline(program),
      'reports/eval-chat.heuristic.json': rules,
      ...(outputs.length > 0 && { 'reports/eval-chat.json': answered(program, ...outputs) }),
    })

  it('counts as self-reported, and says so wherever it is shown', async () => {
    const finding = await look(lay('The new flour is weaker.', 'It rests longer.'), blessed)
    expect(finding).toMatchObject({ result: 'passed', data: { model: 'through ask', selfReported: true } })
    expect(finding.found).toMatch(/^through ask 2\/2.*self-reported/)
    expect(describeEvidence(blessed, finding.data)?.text).toMatch(/^through ask \(self-reported\) 2\/2/)
  })

  it.each([
    ['the input', [`You are brief. ${BREAD}`, BREAD.toUpperCase()], '2 of 2 answers repeat the input'],
    ['a constant', ['I do not know.', 'I do not know'], '2 of 2 answers are the same text'],
    [
      'the heuristic’s',
      ['The loaves rose less', ' It rests  longer.\n'],
      "2 of 2 answers are the heuristic's",
    ],
    ['nothing', ['', ''], '2 of 2 answers are the same text'],
  ])('is refused when the answers are %s', async (_, outputs, found) => {
    expect(await look(lay(...outputs), blessed)).toMatchObject({ code: 'copied-answers', found })
  })

  it('is refused without a report of the answers', async () => {
    expect(await look(lay(), blessed)).toMatchObject({ code: 'no-answers' })
  })

  it('is not needed where a model answered through an API', async () => {
    const root = lay('x', 'x')
    write(join(root, 'app'), { 'evals/baseline.openai-compatible.json': baseline(scripted) })
    const { data } = await look(root, blessed)
    expect(data).toMatchObject({ model: 'scripted' })
    expect(data).not.toHaveProperty('selfReported')
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
    ['contradicts-itself', { [`${at}.before.json`]: edited(report({ passing: ['flour'] }), { passed: 2 }) }],
    ['contradicts-itself', { [`${at}.after.json`]: edited(report({ passing: [] }), { outcome: 'pass' }) }],
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
